// Every verb says what it is for, with examples that its own options allow.
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>

#include "app/support/program.h"
#include "base/text.h"

namespace lix::test {
namespace {

using Words = std::vector<std::string>;

std::string helpOf(Words verb) {
  verb.push_back("--help");
  const Ran said = ran(lixp(verb));
  EXPECT_EQ(said.code, 0) << said.err;
  return said.out;
}

/// The first words of the lines between a heading and the next empty line.
Words listed(const std::string& help, const std::string& heading) {
  Words words;
  std::istringstream lines(help.substr(std::min(help.size(), help.find("\n" + heading + "\n"))));
  std::string line, word;
  std::getline(lines, line);  // the end of the line before
  std::getline(lines, line);  // the heading
  while (std::getline(lines, line) && !line.empty()) {
    if (line.starts_with("  ") && line.size() > 2 && line[2] != ' ' && (std::istringstream(line) >> word)) {
      words.push_back(word);
    }
  }
  return words;
}

Words wordsOf(const std::string& line) {
  Words words;
  std::istringstream text(line);
  for (std::string word; text >> word;) {
    words.push_back(word);
  }
  return words;
}

/// Checks a verb and those below it; returns how many there are.
int check(const Words& verb) {
  const std::string help = helpOf(verb);
  SCOPED_TRACE(join(verb, " "));
  EXPECT_TRUE(help.contains("Exit status:"));
  std::set<std::string> known{"--workspace", "--json"};
  const std::regex option("--[a-z][a-z-]*");
  const std::string own = help.substr(0, help.find("\nExample"));
  known.insert(std::sregex_token_iterator(own.begin(), own.end(), option), std::sregex_token_iterator());
  int examples = 0;
  for (const std::string& line : split(help, '\n')) {
    Words words = wordsOf(line);
    if (words.empty() || words[0] != "lixp") {
      continue;
    }
    ++examples;
    words.erase(words.begin());
    EXPECT_TRUE(verb.size() <= words.size() && std::equal(verb.begin(), verb.end(), words.begin())) << line;
    const bool ofThis = listed(help, "Subcommands:").empty();
    for (const std::string& word : words) {
      EXPECT_TRUE(!ofThis || !word.starts_with("--") || known.contains(word)) << word << " in" << line;
    }
  }
  EXPECT_GT(examples, 0);
  int count = 1;
  for (const std::string& below : listed(help, "Subcommands:")) {
    Words deeper = verb;
    deeper.push_back(below);
    count += check(deeper);
  }
  return count;
}

TEST(Help, EveryVerbHasExamplesThatItsOptionsAllow) { EXPECT_GT(check({}), 40); }

}  // namespace
}  // namespace lix::test
