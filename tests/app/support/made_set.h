#pragma once
#include <filesystem>
#include <string>

namespace lix::test {

/// A made data set: discs in three colours on grey, 32 px, with table.csv. Of 20 pictures a colour 12 train, 3 are for
/// validation and 5 for tests. Every caption is another one.
void makeDiscs(const std::filesystem::path& folder);

/// A file with that text, in a folder that is made where it is not there.
void writeText(const std::filesystem::path& file, const std::string& text);

}  // namespace lix::test
