#pragma once
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "nn/features.h"
#include "study/inspect/inspect.h"
#include "study/inspect/seen.h"

namespace lix::study {

/// Things by key that hold at most so many bytes together: what was used longest ago goes first, and what is larger
/// than all of it is not kept. Not for several threads.
template <class Key, class Value>
class LeastRecent {
 public:
  explicit LeastRecent(std::size_t mostBytes) : mostBytes_(mostBytes) {}

  /// Null where there is none.
  std::shared_ptr<const Value> find(const Key& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) {
      return nullptr;
    }
    order_.splice(order_.begin(), order_, found->second);
    return found->second->value;
  }

  void insert(const Key& key, std::shared_ptr<const Value> value, std::size_t bytes) {
    if (bytes > mostBytes_ || places_.contains(key)) {
      return;
    }
    while (bytes_ + bytes > mostBytes_) {
      bytes_ -= order_.back().bytes;
      places_.erase(order_.back().key);
      order_.pop_back();
    }
    order_.push_front({key, std::move(value), bytes});
    places_[key] = order_.begin();
    bytes_ += bytes;
  }

  std::size_t bytes() const { return bytes_; }
  std::size_t size() const { return order_.size(); }

 private:
  struct Entry {
    Key key;
    std::shared_ptr<const Value> value;
    std::size_t bytes;
  };
  std::size_t mostBytes_, bytes_ = 0;
  std::list<Entry> order_;  // most recently used first
  std::unordered_map<Key, typename std::list<Entry>::iterator> places_;
};

/// What one checkpoint made of pictures and captions before, so that other captions or settings do not encode the
/// pictures again. Of one evaluator; any thread.
class InspectMemory {
 public:
  explicit InspectMemory(std::size_t pictureBytes = std::size_t(256) << 20,
                         std::size_t captionBytes = std::size_t(32) << 20,
                         std::size_t detailBytes = std::size_t(512) << 20)
      : pictures_(pictureBytes), captions_(captionBytes), detailBytes_(detailBytes) {}

  /// By the picture's pixels.
  std::shared_ptr<const SeenPicture> picture(const Evaluator& evaluator, const imaging::Image& picture);
  /// As embedCaptions() of study/eval/embed.h; only captions that are new are encoded, in blocks, which are remembered
  /// even where the next one is stopped (ErrorCode::Cancelled).
  Result<nn::TextFeatures> captions(const Evaluator& evaluator, const std::vector<std::string>& captions,
                                    std::stop_token stop = {});

  /// What the weights, embeddings and maps of one reading may take.
  std::size_t detailBytes() const { return detailBytes_; }

  std::size_t bytes() const;
  std::size_t encodedPictures() const;  ///< how many went through the tower so far
  std::size_t encodedCaptions() const;

 private:
  using CaptionRows = std::unordered_map<std::string, std::shared_ptr<const nn::TextFeatures>>;
  CaptionRows encode(const Evaluator& evaluator, const std::vector<std::string>& fresh);

  mutable std::mutex mutex_;
  LeastRecent<std::uint64_t, SeenPicture> pictures_;
  LeastRecent<std::string, nn::TextFeatures> captions_;
  std::size_t detailBytes_;
  std::size_t encodedPictures_ = 0, encodedCaptions_ = 0;
};

}  // namespace lix::study
