/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Status: could the call do its work? (Whether an offer is good is another
 * question, answered by a decision and its findings; see decision.h.)
 *
 * Zero is success. Every other status is negative and its number never
 * changes. Each function names in its comment the statuses that it returns.
 */
#ifndef MARKET_STATUS_H
#define MARKET_STATUS_H

#include <market/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* X(name, number, text) */
#define MARKET_STATUS_MAP(X)                                           \
	X(OK, 0, "done")                                               \
	X(E_ARGUMENT, -1, "an argument is not valid")                  \
	X(E_STATE, -2, "the object is not in the state for this call") \
	X(E_MEMORY, -3, "out of memory")                               \
	X(E_LIMIT, -4, "a limit of size, count or depth is exceeded")  \
	X(E_ENCODING, -5, "not the one valid encoding")                \
	X(E_SCHEMA, -6, "a field's value is not valid")                \
	X(E_ALGORITHM, -7, "an algorithm that is not supported")       \
	X(E_KEY, -8, "a key is not valid")                             \
	X(E_SIGNATURE, -9, "a signature is not valid")                 \
	X(E_ROOT, -10, "the trust root is not valid")                  \
	X(E_POLICY, -11, "the policy is not valid")                    \
	X(E_KIND, -12, "a statement of another kind was expected")     \
	X(E_NOT_FOUND, -13, "there is no such thing")                  \
	X(E_IO, -14, "reading or writing failed")                      \
	X(E_UNSUPPORTED, -15, "not in this build of the library")      \
	X(E_DENIED, -16, "denied")                                     \
	X(E_INDETERMINATE, -17, "cannot tell, so not permitted")       \
	X(E_CALLBACK, -18, "a callback of the caller failed")          \
	X(E_INTERNAL, -19, "internal error of the library")            \
	X(E_BUSY, -20, "somebody else is writing: try again")          \
	X(E_CORRUPT, -21, "the store is damaged, or was edited")       \
	X(E_FULL, -22, "no room, or a quota is used up")               \
	X(E_IN_DOUBT, -23, "the outcome is not known: ask again")      \
	X(E_TIMEOUT, -24, "the time limit was reached")                \
	X(E_LOG, -25, "that is not shown by the proof")

typedef enum market_status {
#define MARKET_X(name, number, text) MARKET_##name = number,
	MARKET_STATUS_MAP(MARKET_X)
#undef MARKET_X
} market_status_t;

#define MARKET_ERROR_MESSAGE_MAX 512
#define MARKET_ERROR_PATH_MAX    256

/*
 * What went wrong, where, and what to do. The caller owns it, sets it to
 * MARKET_ERROR_INIT, and passes its address (or NULL) as the last argument.
 * It is written only when the call fails. Text that came from outside is
 * escaped: every byte of `message` and `path` is printable ASCII.
 */
typedef struct market_error {
	market_status_t status;
	int64_t offset; /* byte in the input, -1 where there is none */
	char path[MARKET_ERROR_PATH_MAX]; /* field path, or empty */
	char
	    message[MARKET_ERROR_MESSAGE_MAX]; /* what is wrong, and the cure */
} market_error_t;

/* clang-format off */
#define MARKET_ERROR_INIT { MARKET_OK, -1, "", "" }
/* clang-format on */

/* "MARKET_E_KEY"; "MARKET_E_INTERNAL" for a number that is no status. */
MARKET_API const char *market_status_name(market_status_t status);

/* One line for a person; never NULL. */
MARKET_API const char *market_status_text(market_status_t status);

#ifdef __cplusplus
}
#endif

#endif
