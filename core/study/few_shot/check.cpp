#include "study/few_shot/check.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string_view>
#include <unordered_set>

#include "adapt/affinity.h"
#include "adapt/check.h"
#include "base/contracts.h"
#include "base/text.h"

namespace lix::study {
namespace {

bool shareMemory(std::span<const float> a, std::span<const float> b) {
  const std::less<const float*> before;
  return !a.empty() && !b.empty() && before(a.data(), b.data() + b.size()) && before(b.data(), a.data() + a.size());
}

/// The splits must be of different pictures. The ids prove it; equal features only raise suspicion, since copies of a
/// picture under two names have them as well.
Result<void> checkDisjoint(const FewShotData& data, std::vector<std::string>& notes) {
  if (shareMemory(data.pool.features.values, data.query.features.values)) {
    return fail(ErrorCode::BadInput, "The query pictures are those of the pool: take them from another split.");
  }
  if (!data.poolIds.empty() || !data.queryIds.empty()) {
    if (data.poolIds.size() != data.pool.features.rows || data.queryIds.size() != data.query.features.rows) {
      return fail(ErrorCode::BadInput,
                  "The ids of the pictures do not match their number: give one for each row of pool and "
                  "query, or none at all.");
    }
    const std::unordered_set<std::uint64_t> pool(data.poolIds.begin(), data.poolIds.end());
    const auto shared = std::ranges::count_if(data.queryIds, [&](std::uint64_t id) { return pool.contains(id); });
    if (shared > 0) {
      return fail(ErrorCode::BadInput,
                  cat(shared, " query pictures are in the pool as well: take pool and query from disjoint splits."));
    }
  }
  const auto bytes = [](std::span<const float> row) {
    return std::string_view(reinterpret_cast<const char*>(row.data()), row.size_bytes());
  };
  std::unordered_set<std::string_view> rows;
  for (std::size_t i = 0; i < data.pool.features.rows; ++i) {
    rows.insert(bytes(data.pool.features.row(i)));
  }
  std::size_t copies = 0;
  for (std::size_t i = 0; i < data.query.features.rows; ++i) {
    copies += rows.contains(bytes(data.query.features.row(i))) ? 1 : 0;
  }
  if (copies > 0) {
    notes.push_back(cat(copies,
                        " query pictures have exactly the features of a pool picture: look for duplicates across the "
                        "splits, they make the results too good."));
  }
  return {};
}

Result<void> checkSettings(const FewShotSettings& settings) {
  if (settings.shots.empty() || std::ranges::find(settings.shots, std::size_t{0}) != settings.shots.end()) {
    return fail(ErrorCode::BadInput,
                "The shot counts must be whole numbers from 1, for example 1, 2, 4: zero-shot is measured "
                "by itself.");
  }
  if (settings.draws == 0 || settings.draws > 10000) {
    return fail(ErrorCode::BadInput, cat("The number of draws is ", settings.draws, ", but must lie from 1 to 10000."));
  }
  std::set<std::string> names;
  for (const FewShotAdapter& entry : settings.adapters) {
    LIX_TRY(const adapt::Adapter* adapter, adapt::find(entry.id));
    LIX_CHECK(adapt::checkParams(*adapter, entry.params));
    if (!names.insert(entry.name.empty() ? entry.id : entry.name).second) {
      return fail(ErrorCode::BadInput,
                  cat("Adapter '", entry.id, "' is given twice under one name: name each after its settings."));
    }
    if (entry.name == "zero-shot" && entry.id != entry.name) {
      return fail(ErrorCode::BadInput,
                  cat("Adapter '", entry.id, "' is named zero-shot, as the points without any support ",
                      "are: choose another name."));
    }
  }
  return {};
}

/// Two classes of one name have one text, so that neither can be told from the other by it.
Result<void> checkNames(const FewShotData& data) {
  std::set<std::string_view> names;
  for (const std::string& name : data.classNames) {
    if (data.text.rows > 0 && !names.insert(name).second) {
      return fail(ErrorCode::BadInput, cat("Two classes are called '", name,
                                           "', so that their texts are the same: give each a name of its own."));
    }
  }
  return {};
}

/// Class-conditioned vectors must be of the same pictures, and every adapter must have a form for them.
Result<void> checkMixed(const FewShotData& data, const FewShotSettings& settings) {
  if (data.poolMixed == nullptr && data.queryMixed == nullptr) {
    return {};
  }
  LIX_REQUIRE(data.poolMixed != nullptr && data.queryMixed != nullptr);
  if (data.poolMixed->rows() != data.pool.features.rows || data.queryMixed->rows() != data.query.features.rows ||
      data.poolMixed->columns() != data.queryMixed->columns() ||
      (data.text.rows > 0 && data.text.columns != data.poolMixed->columns())) {
    return fail(ErrorCode::BadInput, "The pictures that are mixed for each class are not those of pool and query.");
  }
  for (const FewShotAdapter& entry : settings.adapters) {
    if (!adapt::hasAffinityForm(entry.id)) {
      return fail(ErrorCode::Unsupported,
                  cat("Adapter '", entry.id, "' works on one vector a picture, and has no form for ",
                      "class-conditioned vectors: leave it out, or evaluate pooled vectors."));
    }
  }
  return {};
}

}  // namespace

Result<void> checkFewShot(const FewShotData& data, const FewShotSettings& settings, std::vector<std::string>& notes) {
  LIX_CHECK(checkSettings(settings));
  const std::size_t classes = data.classNames.size();
  if (classes < 2) {
    const std::string what =
        classes == 1 ? cat("is one class only ('", data.classNames.front(), "')") : "are no classes";
    return fail(ErrorCode::BadInput, cat("There ", what, ": a few-shot evaluation tells at least two classes apart."));
  }
  if (data.pool.features.rows == 0 || data.query.features.rows == 0) {
    return fail(ErrorCode::BadInput, cat("The ", data.query.features.rows == 0 ? "query" : "pool",
                                         " has no pictures: choose a split that has labelled ones."));
  }
  LIX_CHECK(adapt::checkLabelled(data.pool, classes, "pool"));
  LIX_CHECK(adapt::checkLabelled(data.query, classes, "query"));
  LIX_CHECK(adapt::checkFeatures(data.text, "The text vectors"));
  LIX_CHECK(adapt::checkWidth(data.query.features, data.pool.features.columns, "The query features"));
  LIX_CHECK(adapt::checkWidth(data.text, data.pool.features.columns, "The text vectors"));
  if (data.text.rows != 0 && data.text.rows != classes) {
    return fail(ErrorCode::BadInput, cat("There are ", data.text.rows, " text vectors for ", classes,
                                         " classes: give one for each class, or none."));
  }
  LIX_CHECK(checkNames(data));
  LIX_CHECK(checkMixed(data, settings));
  for (const FewShotAdapter& entry : settings.adapters) {
    LIX_TRY(const adapt::Adapter* adapter, adapt::find(entry.id));
    if (adapter->needsText && data.text.rows == 0) {
      return fail(ErrorCode::BadInput,
                  cat("Adapter '", entry.id, "' needs a text vector for each class, and there are none: ",
                      "leave it out, or evaluate a model with a text tower."));
    }
  }
  return checkDisjoint(data, notes);
}

}  // namespace lix::study
