#pragma once
#include <QString>
#include <cstdint>
#include <map>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "pages/support/set_features.h"
#include "pages/support/support_document.h"

namespace lix::app {

/// Above this cosine two pictures count as near duplicates.
inline constexpr float kNearCosine = 0.98f;

/// What is wrong with a picture of a set, the worst first.
enum class Trouble {
  Conflict,  ///< its content stands in another class, too
  Leak,      ///< its content is among the pictures that the set is measured on
  Copy,      ///< its content stands in the class twice
  NearQuery, ///< its cosine with a picture that the set is measured on is above kNearCosine
  Near       ///< its cosine with another one of the set is above kNearCosine
};

struct Flag {
  Trouble trouble = Trouble::Near;
  data::PictureRef other;  ///< what it is a copy of, or near to: a picture of the set or a query
  std::string otherClass;  ///< of it; empty for a query
  float cosine = 1.f;
};

/// The pictures of a set that a person should look at, each with its worst trouble.
struct Duplicates {
  std::map<data::PictureRef, Flag> flags;
  /// Copies to take out so that every content stands once in its class: all but the first. Conflicts are for a person.
  std::vector<data::PictureRef> extra;
  std::vector<data::PictureRef> oneOfEach;  ///< so many that without them no two are copies of, or near, each other
  std::vector<data::PictureRef> ofQueries;  ///< equal to a query, or near one
  bool cut = false;                         ///< there are more near pairs than were looked up
  std::size_t unread = 0;                   ///< pictures that nothing is known of, as they were not read yet

  std::size_t count(Trouble trouble) const;
  std::vector<data::PictureRef> pictures() const;  ///< all that are flagged
};

struct QueryContent {
  std::vector<data::PictureRef> pictures;
  std::vector<std::uint64_t> hashes;
  adapt::Matrix rows{};  ///< their unit vectors by the set's checkpoint; 0 rows where they are not known
};

/// Compares contents by their hashes and, for near ones, all pairs of unit rows. Fails as cancelled when asked to stop.
Result<Duplicates> findDuplicates(const SetFeatures& set, const QueryContent& queries, const std::stop_token& stop = {});

/// For the corner of a tile: one short word.
QString badgeOf(Trouble trouble);
/// For its tooltip: one sentence.
QString sentenceOf(const Flag& flag);
/// "2 conflicts, 1 also a query (left out of the accuracies)..."; empty where nothing is wrong.
QString summaryOf(const Duplicates& duplicates);

}  // namespace lix::app
