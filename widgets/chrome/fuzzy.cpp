#include "chrome/fuzzy.h"

#include <algorithm>

namespace lix::widgets {
namespace {

constexpr int kNone = -1'000'000;
constexpr int kLetter = 4;
constexpr int kWordStart = 10;
constexpr int kNeighbour = 8;
constexpr int kMostTyped = 64;

bool startsWord(const QString& text, int at) {
  return at == 0 || !text[at - 1].isLetterOrNumber() || (text[at].isUpper() && text[at - 1].isLower());
}

}  // namespace

std::optional<FuzzyMatch> fuzzyMatch(const QString& typed, const QString& text) {
  QString letters;
  for (const QChar letter : typed.left(kMostTyped)) {
    if (!letter.isSpace()) {
      letters += letter.toCaseFolded();
    }
  }
  const int n = int(letters.size());
  const int m = int(text.size());
  if (n > m) {
    return std::nullopt;
  }
  // best[i][k]: score of the first i+1 letters with the last of them at k; from[i][k]: where the one before stands.
  std::vector<std::vector<int>> best(std::size_t(n), std::vector<int>(std::size_t(m), kNone));
  std::vector<std::vector<int>> from(best);
  for (int i = 0; i < n; ++i) {
    int before = kNone;  // best of the letters before at a position before k, less its gap
    int beforeAt = -1;
    for (int k = 0; k < m; ++k) {
      if (i > 0 && k > 0) {
        const int ending = best[i - 1][k - 1];
        --before;
        if (ending > before) {
          before = ending;
          beforeAt = k - 1;
        }
      }
      if (text[k].toCaseFolded() != letters[i] || (i > 0 && before <= kNone / 2)) {
        continue;
      }
      const int own = kLetter + (startsWord(text, k) ? kWordStart : 0);
      best[i][k] = own + (i > 0 ? before : 0);
      from[i][k] = beforeAt;
      if (i > 0 && k > 0 && best[i - 1][k - 1] + kNeighbour >= before && best[i - 1][k - 1] > kNone / 2) {
        best[i][k] = own + best[i - 1][k - 1] + kNeighbour;
        from[i][k] = k - 1;
      }
    }
  }
  FuzzyMatch match;
  if (n == 0) {
    return match;
  }
  const auto last = std::max_element(best.back().begin(), best.back().end());
  if (*last <= kNone / 2) {
    return std::nullopt;
  }
  match.score = *last;
  int at = int(last - best.back().begin());
  for (int i = n - 1; i >= 0; --i) {
    match.at.insert(match.at.begin(), at);
    at = from[i][at];
  }
  return match;
}

}  // namespace lix::widgets
