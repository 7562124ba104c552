/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stands in front of each file of the command when it is built for its
 * driver: what touches files, clocks and memory is the driver's (cli_files.c).
 */
#ifndef TESTS_FUZZ_CLI_NAMES_H
#define TESTS_FUZZ_CLI_NAMES_H

#define main                      market_main
#define market_context_new        fuzz_context_new
#define market_context_free       fuzz_context_free
#define market__default_allocator fuzz_default_allocator
#define market_store_open         fuzz_store_open
#define market_store_create       fuzz_store_create
#define market_store_free         fuzz_store_free
#define clock_gettime             fuzz_clock_gettime
#define isatty                    fuzz_isatty

int market_main(int argc, char **argv);

#endif
