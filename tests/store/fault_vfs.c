/* SPDX-License-Identifier: Apache-2.0 */
#include "fault_vfs.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>

const char *const fault_names[FAULT_KINDS] = { "full", "write", "torn write",
	"sync", "read", "short read" };

typedef struct fault_file {
	sqlite3_file base;
	sqlite3_file *real; /* behind this struct */
} fault_file_t;

static fault_plan_t *plan;
static sqlite3_vfs *real_vfs;
static sqlite3_vfs shim;
static sqlite3_io_methods methods;

/* Does this operation, which `kinds` can hit, fail now? */
static bool
hits(unsigned kinds)
{
	size_t call;

	if ((kinds >> plan->kind & 1) == 0)
		return false;
	call = plan->calls++;
	if (plan->for_ever ? call < plan->fail_at : call != plan->fail_at)
		return false;
	plan->failed++;
	errno = plan->kind == FAULT_FULL ? ENOSPC : EIO;
	return true;
}

#define KIND(kind) (1u << FAULT_##kind)

static sqlite3_file *
real_of(sqlite3_file *file)
{
	return ((fault_file_t *)file)->real;
}

/* ---- files ---- */

static int
file_close(sqlite3_file *file)
{
	return real_of(file)->pMethods->xClose(real_of(file));
}

static int
file_read(sqlite3_file *file, void *bytes, int len, sqlite3_int64 offset)
{
	if (hits(KIND(READ)))
		return SQLITE_IOERR_READ;
	if (hits(KIND(SHORT))) {
		memset(bytes, 0, (size_t)len);
		(void)real_of(file)->pMethods->xRead(
		    real_of(file), bytes, len / 2, offset);
		return SQLITE_IOERR_SHORT_READ;
	}
	return real_of(file)->pMethods->xRead(
	    real_of(file), bytes, len, offset);
}

static int
file_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 offset)
{
	if (hits(KIND(FULL)))
		return SQLITE_FULL;
	if (hits(KIND(WRITE)))
		return SQLITE_IOERR_WRITE;
	if (hits(KIND(TORN))) {
		(void)real_of(file)->pMethods->xWrite(
		    real_of(file), bytes, len / 2, offset);
		errno = EIO;
		return SQLITE_IOERR_WRITE;
	}
	return real_of(file)->pMethods->xWrite(
	    real_of(file), bytes, len, offset);
}

static int
file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	if (hits(KIND(WRITE) | KIND(TORN)))
		return SQLITE_IOERR_TRUNCATE;
	return real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int
file_sync(sqlite3_file *file, int flags)
{
	if (hits(KIND(SYNC)))
		return SQLITE_IOERR_FSYNC;
	/* No power is cut here: what is written stays. */
	(void)file;
	(void)flags;
	return SQLITE_OK;
}

static int
file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return real_of(file)->pMethods->xFileSize(real_of(file), size);
}

static int
file_lock(sqlite3_file *file, int level)
{
	return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int
file_unlock(sqlite3_file *file, int level)
{
	return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int
file_reserved(sqlite3_file *file, int *ret)
{
	return real_of(file)->pMethods->xCheckReservedLock(real_of(file), ret);
}

static int
file_control(sqlite3_file *file, int what, void *argument)
{
	return real_of(file)->pMethods->xFileControl(
	    real_of(file), what, argument);
}

static int
file_sector(sqlite3_file *file)
{
	return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int
file_device(sqlite3_file *file)
{
	return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int
file_shm_map(
    sqlite3_file *file, int page, int size, int extend, void volatile **ret)
{
	if (extend && hits(KIND(FULL) | KIND(WRITE)))
		return SQLITE_IOERR_SHMSIZE;
	return real_of(file)->pMethods->xShmMap(
	    real_of(file), page, size, extend, ret);
}

static int
file_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
	return real_of(file)->pMethods->xShmLock(
	    real_of(file), offset, n, flags);
}

static void
file_shm_barrier(sqlite3_file *file)
{
	real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int
file_shm_unmap(sqlite3_file *file, int remove)
{
	return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

static int
file_fetch(sqlite3_file *file, sqlite3_int64 offset, int len, void **ret)
{
	return real_of(file)->pMethods->xFetch(real_of(file), offset, len, ret);
}

static int
file_unfetch(sqlite3_file *file, sqlite3_int64 offset, void *page)
{
	return real_of(file)->pMethods->xUnfetch(real_of(file), offset, page);
}

/* ---- the VFS ---- */

static int
vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
    int *ret_flags)
{
	fault_file_t *fault = (fault_file_t *)file;
	int code;

	(void)vfs;
	fault->base.pMethods = NULL;
	if (hits(KIND(FULL) | KIND(WRITE)))
		return SQLITE_CANTOPEN;
	fault->real = (sqlite3_file *)(fault + 1);
	code = real_vfs->xOpen(real_vfs, name, fault->real, flags, ret_flags);
	if (fault->real->pMethods != NULL)
		fault->base.pMethods = &methods;
	return code;
}

static int
vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	(void)vfs;
	(void)sync;
	if (hits(KIND(WRITE)))
		return SQLITE_IOERR_DELETE;
	return real_vfs->xDelete(real_vfs, name, 0);
}

void
fault_install(fault_plan_t *the_plan)
{
	static const sqlite3_io_methods all = {
		.iVersion = 3,
		.xClose = file_close,
		.xRead = file_read,
		.xWrite = file_write,
		.xTruncate = file_truncate,
		.xSync = file_sync,
		.xFileSize = file_size,
		.xLock = file_lock,
		.xUnlock = file_unlock,
		.xCheckReservedLock = file_reserved,
		.xFileControl = file_control,
		.xSectorSize = file_sector,
		.xDeviceCharacteristics = file_device,
		.xShmMap = file_shm_map,
		.xShmLock = file_shm_lock,
		.xShmBarrier = file_shm_barrier,
		.xShmUnmap = file_shm_unmap,
		.xFetch = file_fetch,
		.xUnfetch = file_unfetch,
	};

	plan = the_plan;
	methods = all;
	real_vfs = sqlite3_vfs_find(NULL);
	shim = *real_vfs;
	shim.zName = "fault";
	shim.szOsFile = (int)sizeof(fault_file_t) + real_vfs->szOsFile;
	shim.pNext = NULL;
	shim.xOpen = vfs_open;
	shim.xDelete = vfs_delete;
	sqlite3_vfs_register(&shim, 1);
}

void
fault_remove(void)
{
	sqlite3_vfs_unregister(&shim);
	sqlite3_vfs_register(real_vfs, 1);
}
