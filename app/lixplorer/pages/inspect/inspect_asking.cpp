// How the page asks: pictures are loaded, one or two checkpoints read them, and what they answer is shown together.
#include <algorithm>

#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "frame/choices.h"
#include "pages/inspect/caption_panel.h"
#include "pages/inspect/inspect_page.h"
#include "pages/inspect/inspect_panel.h"
#include "pages/inspect/log_slider.h"
#include "pages/inspect/matrix_panel.h"

namespace lix::app {

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
    showAnswers();
    return;
  }
  busy_->setBusy(true);
  reading_.ask([asked = std::move(asked), checkpoints = &desk().checkpoints(),
                prepared = prepared_](std::stop_token) { return readPictures(*checkpoints, asked, *prepared); },
               [this](Result<std::shared_ptr<const ReadAnswer>> answer) { take(std::move(answer), next_); });
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
  const auto isSame = [&](const ReadQuestion& known) {
    return known.checkpoint == asked.checkpoint && known.captions == asked.captions &&
           std::ranges::equal(known.pictures, asked.pictures, {}, &LoadedPicture::ref, &LoadedPicture::ref);
  };
  if (nextOther_ && isSame(nextOther_->question)) {
    otherReading_.drop();
    return;
  }
  otherReading_.ask([asked = std::move(asked), checkpoints = &desk().checkpoints(),
                     prepared = prepared_](std::stop_token) { return readPictures(*checkpoints, asked, *prepared); },
                    [this](Result<std::shared_ptr<const ReadAnswer>> answer) { take(std::move(answer), nextOther_); });
}

void InspectPage::take(Result<std::shared_ptr<const ReadAnswer>> answer, std::shared_ptr<const ReadAnswer>& place) {
  if (!answer) {
    desk().say(answer.error());
    place.reset();
  } else {
    place = std::move(*answer);
  }
  if (!reading_.busy() && !otherReading_.busy()) {
    showAnswers();
  }
}

void InspectPage::showAnswers() {
  busy_->setBusy(false);
  answer_ = next_;
  otherAnswer_ = nextOther_;
  scores_->showReading(answer_, otherAnswer_);
  captions_->setMarks(answer_ ? answer_->cut : std::vector<std::string>());
  showCurrent();
  if (answer_) {
    Q_EMIT readingShown();
  }
}

std::shared_ptr<const ReadAnswer> InspectPage::otherReading() const {
  return answer_ && otherAnswer_ && sameSubject(*answer_, *otherAnswer_) ? otherAnswer_ : nullptr;
}

}  // namespace lix::app
