// What PredictionPanel keeps of its pictures until the next start.
#include <QCheckBox>
#include <QCoreApplication>
#include <QJsonArray>
#include <algorithm>
#include <iterator>
#include <set>
#include <system_error>
#include <utility>

#include "pages/support/adapter_box.h"
#include "pages/support/prediction_panel.h"
#include "pages/support/words.h"

namespace lix::app {
namespace {

constexpr std::size_t kMostRemembered = 5'000;  // pictures that were not found below a folder

/// "/home/me/pets and 2 more", or "".
QString placesText(const std::vector<std::filesystem::path>& paths) {
  if (paths.empty()) {
    return {};
  }
  const QString first = QString::fromStdString(paths.front().string());
  const int others = int(paths.size()) - 1;
  const QString more = QCoreApplication::translate("lix::app::PredictionPanel", "%1 and %2 more");
  return others == 0 ? first : more.arg(first).arg(others);
}

}  // namespace

void PredictionPanel::start(const Payload& payload) {
  goneRelay_.drop();
  if (remembered_) {
    // What was sorted then and still stands in a class is counted on.
    const auto classes = classesOf(document_->set);
    for (Judged& one : remembered_->judged) {
      const auto at = classes.find(one.picture);
      if (at != classes.end() && std::ranges::find(judged_, one.picture, &Judged::picture) == judged_.end()) {
        one.right = at->second == one.predicted;
        judged_.push_back(std::move(one));
      }
    }
    remembered_.reset();
  }
  asked_ = payload;
  run_.start(payload);
}

/// Those of the judged pictures that are classified now; all of them before there are predictions.
std::vector<PredictionPanel::Judged> PredictionPanel::judgedHere() const {
  const auto predictions = run_.predictions();
  if (!predictions || judged_.empty()) {
    return judged_;
  }
  std::set<data::PictureRef> judged, here;
  std::ranges::transform(judged_, std::inserter(judged, judged.end()), &Judged::picture);
  for (const Prediction& one : predictions->rows) {
    if (judged.contains(one.picture)) {
      here.insert(one.picture);
    }
  }
  std::vector<Judged> result;
  std::ranges::copy_if(judged_, std::back_inserter(result),
                       [&](const Judged& one) { return here.contains(one.picture); });
  return result;
}

/// The disk is asked apart from the window whether the folders are still there.
void PredictionPanel::startAgain() {
  if (!remembered_) {
    return;
  }
  goneRelay_.ask(
      [paths = remembered_->payload.paths](std::stop_token) {
        std::vector<std::filesystem::path> gone;
        std::ranges::copy_if(paths, std::back_inserter(gone), [](const std::filesystem::path& path) {
          std::error_code error;
          return !std::filesystem::exists(path, error);
        });
        return gone;
      },
      [this](const std::vector<std::filesystem::path>& gone) { takeRemembered(gone); });
}

void PredictionPanel::takeRemembered(const std::vector<std::filesystem::path>& gone) {
  Payload payload = remembered_->payload;
  std::erase_if(payload.paths, [&](const auto& path) { return std::ranges::find(gone, path) != gone.end(); });
  if (!gone.empty()) {
    const QString sentence = tr("%1 is not there any more.").arg(placesText(gone));
    if (payload.isEmpty()) {
      remembered_->gone = sentence + " " + tr("Bring it back and classify again, or choose another folder.");
      show();
      return;
    }
    desk_.say(widgets::Severity::Warning, sentence + " " + tr("The rest is classified."));
  }
  start(payload);
}

QString PredictionPanel::rememberedText() const {
  if (!remembered_->gone.isEmpty()) {
    return remembered_->gone;
  }
  const QString places = placesText(remembered_->payload.paths);
  const std::size_t count = std::max(remembered_->count, remembered_->payload.pictures.size());
  QString text = count == 0         ? tr("To classify the last time: %1.").arg(places)
                 : places.isEmpty() ? tr("Classified the last time: %1.").arg(pictureCount(count))
                                    : tr("Classified the last time: %1 from %2.").arg(pictureCount(count), places);
  if (!remembered_->judged.empty()) {
    text += " " + tr("Sorted by you: %1.").arg(remembered_->judged.size());
  }
  return text;
}

QJsonObject PredictionPanel::state() const {
  QJsonObject state{{"byHand", adapter_->byHand()}, {"leastSureFirst", sorted_->isChecked()}};
  const Payload& payload = remembered_ ? remembered_->payload : asked_;
  if ((payload.pictures.empty() && payload.paths.empty()) || payload.pictures.size() > kMostRemembered) {
    return state;
  }
  QJsonArray pictures, paths, judged;
  for (const data::PictureRef& one : payload.pictures) {
    pictures.append(QString::fromStdString(data::toText(one)));
  }
  for (const auto& path : payload.paths) {
    paths.append(QString::fromStdString(path.string()));
  }
  for (const Judged& one : remembered_ ? remembered_->judged : judgedHere()) {
    judged.append(QJsonObject{{"picture", QString::fromStdString(data::toText(one.picture))},
                              {"predicted", QString::fromStdString(one.predicted)}});
  }
  const auto predictions = run_.predictions();
  const std::size_t count = remembered_ ? remembered_->count : predictions ? predictions->rows.size() : 0;
  state["asked"] = QJsonObject{
      {"pictures", pictures}, {"paths", paths}, {"judged", judged}, {"count", static_cast<qint64>(count)}};
  return state;
}

void PredictionPanel::restore(const QJsonObject& state) {
  adapter_->restore(state["byHand"].toString());
  sorted_->setChecked(state["leastSureFirst"].toBool(true));
  const QJsonObject asked = state["asked"].toObject();
  Remembered remembered;
  for (const QJsonValue& one : asked["pictures"].toArray()) {
    if (auto picture = data::pictureRefFromText(one.toString().toStdString())) {
      remembered.payload.pictures.push_back(std::move(*picture));
    }
  }
  for (const QJsonValue& one : asked["paths"].toArray()) {
    if (!one.toString().isEmpty()) {
      remembered.payload.paths.emplace_back(one.toString().toStdString());
    }
  }
  for (const QJsonValue& one : asked["judged"].toArray()) {
    if (auto picture = data::pictureRefFromText(one["picture"].toString().toStdString())) {
      remembered.judged.push_back({std::move(*picture), one["predicted"].toString().toStdString()});
    }
  }
  remembered.count = static_cast<std::size_t>(std::max<qint64>(0, asked["count"].toInteger()));
  if (!remembered.payload.isEmpty() && run_.isEmpty()) {
    remembered_ = std::move(remembered);
  }
  show();
}

}  // namespace lix::app
