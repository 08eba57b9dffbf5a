#pragma once
#include <string>
#include <vector>

#include "lixp/eval/subject.h"

namespace lix::app {

/// What a zero-shot evaluation classifies: pictures, or short videos of several frames.
struct Judged {
  std::string key;  ///< of the picture in its dataset, or the video's name
  int label = 0;
  std::vector<std::size_t> frames;  ///< samples of the dataset; one for a picture
};

/// The labelled pictures of a split, each by itself.
Result<std::vector<Judged>> picturesOf(const Subject& subject, const std::string& split);

/// The same by the video that a label set names; of each at most `count` frames (0: all), evenly spaced in the order of
/// their keys. Frames of one video with two classes are refused. Labelled pictures of no video go to notes.
Result<std::vector<Judged>> videosOf(const Subject& subject, const std::string& split, const std::string& labelSet,
                                     std::size_t count, std::vector<std::string>& notes);

/// Drops from `judged` what has no frame left among the images, with a note, and returns the rows of the rest.
study::FrameGroups rowsOf(std::vector<Judged>& judged, const study::ImageFeatures& images,
                          std::vector<std::string>& notes);

}  // namespace lix::app
