// How the page asks: pictures are loaded, one or two checkpoints read them, and what they answer is shown together.
#include <algorithm>
#include <utility>

#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "frame/choices.h"
#include "pages/inspect/caption_panel.h"
#include "pages/inspect/inspect_page.h"
#include "pages/inspect/inspect_panel.h"
#include "pages/inspect/log_slider.h"
#include "pages/inspect/matrix_panel.h"

namespace lix::app {
namespace {

bool sameSubject(const ReadQuestion& one, const ReadQuestion& other) {
  return one.checkpoint == other.checkpoint && one.captions == other.captions &&
         std::ranges::equal(one.pictures, other.pictures, {}, &LoadedPicture::ref, &LoadedPicture::ref);
}

/// What the checkpoint makes of them, or `known` where that is it already: of the same under the weights on disk now.
Result<std::shared_ptr<const ReadAnswer>> readNew(const CheckpointShelf& checkpoints, const ReadQuestion& asked,
                                                  std::shared_ptr<const ReadAnswer> known, PreparedPictures& prepared,
                                                  std::stop_token stop) {
  LIX_TRY(const auto reader, checkpoints.open(asked.checkpoint));
  if (known && sameSubject(known->question, asked) && known->facts.towerKey == reader->facts().towerKey) {
    return known;
  }
  return readPictures(checkpoints, asked, prepared, stop);
}

}  // namespace

void InspectPage::load() {
  showGrid();
  showState();
  loading_.ask([wanted = pictures_, known = loaded_, datasets = &desk().datasets()](
                   std::stop_token stop) { return loadPictures(*datasets, wanted, known, stop); },
               [this](LoadAnswer answer) { takeLoaded(std::move(answer)); });
  busy_->setBusy(true);
}

void InspectPage::takeLoaded(LoadAnswer answer) {
  wantedRow_ = std::max(current(), 0);
  loaded_ = std::move(answer.pictures);
  pictures_.clear();
  for (const LoadedPicture& picture : loaded_) {
    pictures_.push_back(picture.ref);
  }
  if (!answer.refused.empty()) {
    sayRefused(tr("%n pictures could not be shown and were left out.", nullptr, int(answer.refused.size())),
               answer.refused);
  }
  showGrid();
  showState();
  const auto before = history_.value().pictures.size(), now = pictures_.size();
  record(now > before   ? tr("Add %n pictures", nullptr, int(now - before))
         : now < before ? tr("Remove %n pictures", nullptr, int(before - now))
                        : tr("Change pictures"));
  fresh_ = false;
  read();
}

void InspectPage::readSoon() {
  if (!debounce_.isActive()) {
    debounce_.start();
  }
}

ReadQuestion InspectPage::question() const {
  ReadQuestion question{
      .checkpoint = checkpoint_->folder(), .pictures = loaded_, .captions = {}, .settings = settings_};
  const QStringList captions = captions_->captions();
  for (const QString& caption : captions) {
    question.captions.push_back(caption.toStdString());
  }
  return question;
}

void InspectPage::read() {
  debounce_.stop();
  if (loading_.busy()) {
    return;  // takeLoaded() comes
  }
  ReadQuestion asked = question();
  if (asked.checkpoint.empty() || asked.pictures.empty() || asked.captions.empty()) {
    reading_.drop();
    otherReading_.drop();
    next_.reset();
    nextOther_.reset();
    running_ = {};
    showAnswers();
    return;
  }
  busy_->setBusy(true);
  running_.again = reading_.busy() && sameSubject(running_.first, asked);  // a slider moves: each answer is seen
  if (!running_.again) {
    running_.first = asked;
    reading_.ask([asked = std::move(asked), checkpoints = &desk().checkpoints(),
                  prepared = prepared_](std::stop_token stop) {
                   return readPictures(*checkpoints, asked, *prepared, stop);
                 },
                 [this](Result<std::shared_ptr<const ReadAnswer>> answer) { take(std::move(answer)); });
  }
  readOther();
}

void InspectPage::readOther() {
  ReadQuestion asked = question();
  asked.checkpoint = other_->folder();
  asked.settings = {};  // tau, heads and tokens are those of the first: the other is read as it was trained
  if (asked.checkpoint.empty()) {
    otherReading_.drop();
    nextOther_.reset();
    return;
  }
  if (otherReading_.busy() && sameSubject(running_.second, asked)) {
    return;
  }
  running_.second = asked;
  otherReading_.ask([asked = std::move(asked), known = nextOther_, checkpoints = &desk().checkpoints(),
                     prepared = prepared_](std::stop_token stop) {
                      return readNew(*checkpoints, asked, known, *prepared, stop);
                    },
                    [this](Result<std::shared_ptr<const ReadAnswer>> answer) { takeOther(std::move(answer)); });
}

void InspectPage::take(Result<std::shared_ptr<const ReadAnswer>> answer) {
  running_.failed = !answer;
  if (answer) {
    next_ = std::move(*answer);
  } else {
    desk().say(answer.error());  // the figures before stay, and say so
    if (settings_ != study::InspectSettings() && running_.first.settings == settings_) {
      forgetSettings();
    }
  }
  showWhenAllCame();
  if (std::exchange(running_.again, false)) {
    read();
  }
}

void InspectPage::takeOther(Result<std::shared_ptr<const ReadAnswer>> answer) {
  if (!answer) {
    desk().say(answer.error());
  }
  nextOther_ = answer ? std::move(*answer) : nullptr;
  showWhenAllCame();
}

void InspectPage::forgetSettings() {
  settings_ = {};
  running_.again = true;
  const auto shown = std::exchange(answer_, nullptr);  // panels forget what they wait for
  showCurrent();
  answer_ = shown;
  showCurrent();
}

void InspectPage::showWhenAllCame() {
  if (!reading_.busy() && !otherReading_.busy()) {
    showAnswers();
  }
}

void InspectPage::showAnswers() {
  busy_->setBusy(false);
  answer_ = next_;
  otherAnswer_ = nextOther_;
  scores_->showReading(answer_, otherAnswer_, running_.failed ? ReadingAge::Old : ReadingAge::New);
  std::vector<std::string> marks;
  for (int caption = 0; answer_ && caption < captions_->captions().size(); ++caption) {
    const int at = captionInReading(caption);
    marks.push_back(at < 0 ? std::string() : answer_->cut[std::size_t(at)]);
  }
  captions_->setMarks(marks);
  showCurrent();
  if (answer_ && !running_.failed) {
    Q_EMIT readingShown();
  }
}

std::shared_ptr<const ReadAnswer> InspectPage::otherReading() const {
  return answer_ && otherAnswer_ && sameSubject(*answer_, *otherAnswer_) ? otherAnswer_ : nullptr;
}

}  // namespace lix::app
