#pragma once
#include <filesystem>
#include <span>
#include <string>

#include "base/result.h"
#include "store/workspace.h"

namespace lix::store {

/// What the magic number that statfs gives for a file system says: whether its memory-mapped files are shared between
/// hosts (NFS, SMB, 9p, ...) or served by a program of unknown habits (FUSE), so that a write-ahead log cannot be
/// trusted.
FileSystem fileSystemOfMagic(unsigned long magic);
FileSystem fileSystemOf(const std::filesystem::path& folder);

/// Whether a write-ahead log that is not empty lies beside a database.
bool hasLog(const std::filesystem::path& database);
/// Whether a database file is shorter than its own header (its first 100 bytes) says, which SQLite notices by whole pages only. Always false
/// beside a log or journal, which may complete it.
bool isCutOff(std::span<const unsigned char, 100> header, const std::filesystem::path& database);
/// Copies a database and its log, both of the same moment, into a new temporary folder, which the caller removes.
Result<std::filesystem::path> copyWithLog(const std::filesystem::path& database);
/// The name under which SQLite opens a file of which it may believe that nobody changes it.
std::string immutableUri(const std::filesystem::path& database);

}  // namespace lix::store
