// Its macros and variadic functions are invisible to Swift and are wrapped here.
#pragma once
#include <sqlite3.h>
static inline sqlite3_destructor_type gw_sqlite_transient(void) { return SQLITE_TRANSIENT; }
// Counting every allocation costs a global lock. Works before the library's first use only.
static inline int gw_sqlite_no_memory_statistics(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }
static inline int gw_sqlite_set_flag(sqlite3 *db, int option, int value) {
    return sqlite3_db_config(db, option, value, (int *)0);
}
