#pragma once
#include <QObject>
#include <QString>
#include <memory>
#include <string>
#include <vector>

#include "desk/desk.h"
#include "desk/payload.h"
#include "pages/support/folder_listing.h"
#include "pages/support/live_scores.h"
#include "study/suggest/suggest.h"

namespace lix::app {

inline constexpr std::size_t kMostInPool = 20'000;
inline constexpr std::size_t kReadUnasked = 2'000;  ///< larger pools meet the image tower only when a person says so
inline constexpr std::size_t kMostSuggested = 200;

/// What is asked of the pool.
struct SuggestionWish {
  study::SuggestBy by = study::SuggestBy::Nearest;
  std::string className;
  std::string caption;  ///< for SuggestBy::Caption
  std::string adapter;  ///< whose margin SuggestBy::Uncertain takes; "" or "prototype": the prototypes' cosines
  bool operator==(const SuggestionWish&) const = default;
};

struct SuggestionList {
  SuggestionWish wish;
  struct Row {
    data::PictureRef picture;
    float score = 0.f;
  };
  std::vector<Row> rows;  ///< the best first
  study::Suggestions counts;  ///< its rows are taken over above
  std::size_t pool = 0;
};

/// A pool of pictures (training pictures of a dataset, or pictures and folders of a person's own) and what of it is worth
/// adding to a class: listed on the io lane, embedded once as a task, ranked on the
/// interactive lane, or on the slow one where an adapter has to be fitted first.
class SuggestionRun : public QObject {
  Q_OBJECT

 public:
  SuggestionRun(Desk& desk, LiveScores& scores);
  ~SuggestionRun() override;

  /// Training pictures of a dataset, evenly over them where they are more than kMostInPool.
  void usePool(const std::string& dataset);
  void usePool(const Payload& payload);
  /// Embeds the pool now, however large it is.
  void read();
  /// Ranks the pool anew; answers of earlier wishes are not heard.
  void ask(const SuggestionWish& wish, const support::SupportSet& set);
  /// Nothing is worked on until the next wish: nobody looks.
  void rest();

  /// Pictures that wait for read(), 0 for none.
  std::size_t waiting() const { return waiting_; }
  bool isReady() const { return embedded_ != nullptr; }
  std::size_t poolSize() const { return pictures_.size(); }
  /// Whether the list is that of the last wish.
  bool isAnswered() const { return list_ && list_->wish == wish_; }
  /// Null before the first.
  std::shared_ptr<const SuggestionList> list() const { return list_; }
  const QString& status() const { return status_; }

 Q_SIGNALS:
  void changed();

 private:
  void say(const QString& status);
  void stop();
  void take(std::vector<data::PictureRef> pictures);
  void takeListing(const FolderListing& listing, std::vector<data::PictureRef> pictures);
  void embed();
  void rank();
  void dropRanking();
  bool needsFit() const;

  Desk& desk_;
  LiveScores& scores_;
  Relay listRelay_, rankRelay_, fitRelay_;
  std::vector<data::PictureRef> pictures_;
  std::shared_ptr<const EmbeddedPictures> embedded_;
  std::shared_ptr<const SuggestionList> list_;
  SuggestionWish wish_;
  support::SupportSet set_;
  QString status_, task_;
  std::size_t waiting_ = 0;
  bool asked_ = false;    ///< somebody looks
  bool allowed_ = false;  ///< a large pool may be read
};

}  // namespace lix::app
