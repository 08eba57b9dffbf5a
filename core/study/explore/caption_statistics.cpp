#include "study/explore/caption_statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

namespace lix::study {
namespace {

constexpr std::size_t kLook = 1024;  // samples between two looks at whether to stop

bool isSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool isPunctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

std::vector<WordCount> mostFrequent(const std::unordered_map<std::string, std::size_t>& counts, std::size_t most) {
  std::vector<WordCount> all;
  all.reserve(counts.size());
  for (const auto& [word, count] : counts) {
    all.push_back({word, count});
  }
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(most, all.size()));
  std::partial_sort(all.begin(), end, all.end(), [](const WordCount& a, const WordCount& b) {
    return a.count != b.count ? a.count > b.count : a.word < b.word;
  });
  all.erase(end, all.end());
  return all;
}

}  // namespace

std::vector<std::string_view> wordsOf(std::string_view caption) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < caption.size();) {
    std::size_t begin = at;
    while (begin < caption.size() && isSpace(caption[begin])) {
      ++begin;
    }
    std::size_t end = begin;
    while (end < caption.size() && !isSpace(caption[end])) {
      ++end;
    }
    at = end;
    while (begin < end && isPunctuation(caption[begin])) {
      ++begin;
    }
    while (end > begin && isPunctuation(caption[end - 1])) {
      --end;
    }
    if (begin < end) {
      words.push_back(caption.substr(begin, end - begin));
    }
  }
  return words;
}

Result<CaptionStatistics> captionStatistics(std::span<const std::span<const std::string>> captions, std::size_t most,
                                            const Fold& fold, const std::stop_token& stop) {
  CaptionStatistics found;
  found.samples = captions.size();
  std::unordered_map<std::string, std::size_t> words, place;
  std::vector<SharedCaption> all;
  for (std::size_t sample = 0; sample < captions.size(); ++sample) {
    if (sample % kLook == 0 && stop.stop_requested()) {
      return fail(ErrorCode::Cancelled, "Reading the captions was cancelled.");
    }
    if (captions[sample].empty()) {
      found.withoutCaption.push_back(static_cast<std::uint32_t>(sample));
    }
    for (const std::string& caption : captions[sample]) {
      const std::string folded = fold(caption);
      const auto parts = wordsOf(folded);
      ++found.captions;
      found.words += parts.size();
      found.lengths.resize(std::max(found.lengths.size(), parts.size() + 1), 0);
      ++found.lengths[parts.size()];
      std::string said;
      for (const std::string_view word : parts) {
        ++words[std::string(word)];
        said.append(word).push_back(' ');
      }
      const auto [known, fresh] = place.try_emplace(parts.empty() ? folded : said, all.size());
      if (fresh) {
        all.push_back({caption, {}});
      }
      auto& samples = all[known->second].samples;
      if (samples.empty() || samples.back() != sample) {
        samples.push_back(static_cast<std::uint32_t>(sample));
      }
    }
  }
  found.vocabulary = words.size();
  found.frequent = mostFrequent(words, most);
  std::erase_if(all, [](const SharedCaption& one) { return one.samples.size() < 2; });
  std::ranges::stable_sort(all, std::greater(), [](const SharedCaption& one) { return one.samples.size(); });
  found.shared = std::move(all);
  return found;
}

std::size_t atShare(std::span<const std::size_t> histogram, double share) {
  const std::size_t total = std::accumulate(histogram.begin(), histogram.end(), std::size_t{0});
  const auto wanted = static_cast<std::size_t>(std::max(1.0, std::ceil(share * double(total))));
  std::size_t sum = 0;
  for (std::size_t value = 0; value < histogram.size(); ++value) {
    sum += histogram[value];
    if (sum >= wanted) {
      return value;
    }
  }
  return 0;
}

}  // namespace lix::study
