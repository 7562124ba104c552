/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A VFS over the default one in which an operation on the database or its log
 * fails: the n-th of those that change a file (open, write, truncate, sync,
 * delete, the growth of shared memory), or the n-th read; once or for ever.
 */
#ifndef TESTS_STORE_FAULT_VFS_H
#define TESTS_STORE_FAULT_VFS_H

#include <stdbool.h>
#include <stddef.h>

typedef enum fault_kind {
	FAULT_FULL,  /* ENOSPC: open, write, shared memory */
	FAULT_WRITE, /* EIO: open, write, truncate, delete */
	FAULT_TORN,  /* EIO after half of a write */
	FAULT_SYNC,  /* EIO: sync, and what was written is kept or not */
	FAULT_READ,  /* EIO: read */
	FAULT_SHORT, /* a read that ends early */
	FAULT_KINDS
} fault_kind_t;

extern const char *const fault_names[FAULT_KINDS];

typedef struct fault_plan {
	fault_kind_t kind;
	size_t fail_at; /* from 0, of the operations of this kind; SIZE_MAX */
	bool for_ever;
	size_t calls; /* of this kind so far */
	size_t failed;
} fault_plan_t;

/* Makes it the default VFS; `plan` is looked at by each operation. */
void fault_install(fault_plan_t *plan);
/* The old default again. */
void fault_remove(void);

#endif
