// SPDX-License-Identifier: Apache-2.0
// SQLite 3.37 or later, which VaultSQLite uses. Nothing but the include lives here.
#ifndef CTOKEN_SQLITE_SHIM_H
#define CTOKEN_SQLITE_SHIM_H

#include <sqlite3.h>

#endif
