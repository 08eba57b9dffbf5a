#include "study/few_shot/reach.h"

#include <algorithm>

#include "base/text.h"

namespace lix::study {
namespace {

constexpr std::size_t kNamed = 5;  // classes that a sentence names

std::vector<std::size_t> countByClass(std::span<const int> labels, std::size_t classes) {
  std::vector<std::size_t> counts(classes, 0);
  for (const int label : labels) {
    ++counts[static_cast<std::size_t>(label)];
  }
  return counts;
}

std::string few(const std::vector<std::string>& names) {
  const std::size_t named = std::min(kNamed, names.size());
  const std::string list = join({names.begin(), names.begin() + static_cast<std::ptrdiff_t>(named)}, ", ");
  return names.size() == named ? list : cat(list, " and ", names.size() - named, " more");
}

std::string shotsText(std::size_t shots) { return cat(shots, shots == 1 ? " shot" : " shots"); }

}  // namespace

Reach::Reach(const FewShotData& data, const FewShotSettings& settings)
    : data_(data),
      settings_(settings),
      pool_(countByClass(data.pool.labels, data.classNames.size())),
      query_(countByClass(data.query.labels, data.classNames.size())) {}

std::vector<std::size_t> Reach::classes(std::size_t shots) const {
  const std::size_t needed =
      shots > 0 && settings_.replace == Replace::WhereTooFew ? 1 : shots + validationShots(shots);
  std::vector<std::size_t> classes;
  for (std::size_t c = 0; c < pool_.size(); ++c) {
    if (pool_[c] >= needed && query_[c] > 0) {
      classes.push_back(c);
    }
  }
  return classes;
}

std::string Reach::leftOut(std::size_t shots) const {
  const auto in = classes(shots);
  std::vector<std::string> names;
  for (std::size_t c = 0; c < pool_.size(); ++c) {
    if (std::ranges::find(in, c) == in.end()) {
      names.push_back(query_[c] == 0 ? cat("'", data_.classNames[c], "' (no query picture)")
                                     : cat("'", data_.classNames[c], "' (", pool_[c], ")"));
    }
  }
  return few(names);
}

std::string Reach::replaced(std::size_t shots) const {
  std::vector<std::string> names;
  for (const std::size_t c : classes(shots)) {
    if (pool_[c] - std::min(validationShots(shots), pool_[c] / 2) < shots) {
      names.push_back(cat("'", data_.classNames[c], "' (", pool_[c], ")"));
    }
  }
  return few(names);
}

Result<std::vector<FewShotReach>> Reach::choose(std::vector<std::string>& notes) const {
  std::vector<std::size_t> shots = settings_.shots;
  std::ranges::sort(shots);
  shots.erase(std::ranges::unique(shots).begin(), shots.end());
  const std::size_t all = pool_.size();
  if (classes(0).size() < 2) {
    return fail(ErrorCode::BadInput,
                cat("Only ", classes(0).size(), " of ", all, " classes has a query picture: a few-shot ",
                    "evaluation tells at least two classes apart."));
  }
  std::vector<FewShotReach> reach;
  for (const std::size_t count : shots) {
    std::vector<std::size_t> reached = classes(count);
    const std::size_t held = validationShots(count);
    if (reached.size() < all && settings_.replace == Replace::Never) {
      notes.push_back(cat(shotsText(count), ": ", reached.size(), " of ", all, " classes have the ", count + held,
                          " pool pictures (", held, " for validation) and the query picture that this needs",
                          reached.size() < 2 ? "; left out." : cat("; without ", leftOut(count), ".")));
    } else if (reached.size() < all) {
      notes.push_back(cat(shotsText(count), ": ", reached.size(), " of ", all,
                          " classes have a pool and a query picture; without ", leftOut(count), "."));
    }
    if (const std::string again = replaced(count); settings_.replace == Replace::WhereTooFew && !again.empty()) {
      notes.push_back(cat(shotsText(count), ": drawn with replacement, having fewer pool pictures: ", again, "."));
    }
    if (reached.size() >= 2) {
      reach.push_back({count, std::move(reached)});
    }
  }
  if (reach.empty()) {
    const std::size_t held = validationShots(shots.front());
    return fail(ErrorCode::BadInput, cat("There are more shots than images: already ", shotsText(shots.front()),
                                         " of a class needs ", shots.front() + held, " pool pictures (", held,
                                         " for validation) and a query picture, and fewer than two of the ", all,
                                         " classes have them, not ", leftOut(shots.front()), "; ", mostShots()));
  }
  return reach;
}

std::string Reach::mostShots() const {
  std::vector<std::size_t> counts;
  for (std::size_t c = 0; c < pool_.size(); ++c) {
    if (query_[c] > 0) {
      counts.push_back(pool_[c]);
    }
  }
  std::ranges::sort(counts, std::greater{});
  std::size_t most = counts[1];  // two classes have that many
  while (most > 0 && most + validationShots(most) > counts[1]) {
    --most;
  }
  return most == 0 ? "add pictures." : cat("ask for at most ", most, ", or add pictures.");
}

}  // namespace lix::study
