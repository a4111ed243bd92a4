// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>

#include "database.h"

namespace icloudphotos::catalog {

/// How a database of the version before becomes one of the next. Released steps never change; a new one is appended.
using Migration = const char*;

/// The steps from an empty database (version 0) to what this program writes.
[[nodiscard]] std::span<const Migration> migrations();

/// Brings the database to the newest version in one transaction; the version is SQLite's `user_version`.
/// Errors: Usage when the database is newer than we are (it is left alone), Storage.
[[nodiscard]] Result<void> migrate(Database& database, std::span<const Migration> steps);

/// Every table and index as SQLite remembers them, to be compared.
[[nodiscard]] Result<std::string> schema_of(Database& database);

}  // namespace icloudphotos::catalog
