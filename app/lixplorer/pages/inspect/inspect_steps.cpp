// What is done to pictures and captions: steps that can be undone, the order of captions, pasted pixels.
#include <QAction>
#include <QImage>
#include <QMimeData>
#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "frame/choices.h"
#include "imaging/hash.h"
#include "imaging/write.h"
#include "pages/inspect/caption_groups.h"
#include "pages/inspect/caption_panel.h"
#include "pages/inspect/inspect_page.h"
#include "pages/inspect/matrix_panel.h"

namespace lix::app {
namespace {

/// Saved as a PNG named by its pixels, so that the same ones pasted twice are one file; transparent ones lie on white.
Result<std::filesystem::path> savePixels(const QImage& pixels, const std::filesystem::path& folder) {
  const QImage whole = pixels.convertToFormat(QImage::Format_ARGB32);
  if (whole.isNull()) {
    return fail(ErrorCode::BadInput, "The clipboard's picture could not be read; copy it once more.");
  }
  imaging::Image picture{.width = whole.width(), .height = whole.height(), .pixels = {}};
  picture.pixels.resize(std::size_t(picture.width) * std::size_t(picture.height) * 3);
  for (int y = 0; y < picture.height; ++y) {
    const auto* from = reinterpret_cast<const QRgb*>(whole.constScanLine(y));
    std::uint8_t* to = picture.row(y);
    for (int x = 0; x < picture.width; ++x) {
      const int alpha = qAlpha(from[x]);
      for (const int channel : {qRed(from[x]), qGreen(from[x]), qBlue(from[x])}) {
        *to++ = std::uint8_t((channel * alpha + 255 * (255 - alpha) + 127) / 255);
      }
    }
  }
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem) {
    return fail(ErrorCode::Io, cat("The folder ", folder.string(), " cannot be made: ", problem.message(), "."));
  }
  const QString name = QString::number(imaging::contentHash(picture), 16).rightJustified(16, QChar('0'));
  const std::filesystem::path file = folder / (name.toStdString() + ".png");
  if (!std::filesystem::exists(file, problem)) {
    LIX_CHECK(imaging::writePng(file, picture));
  }
  return file;
}

QString listed(const std::vector<std::size_t>& numbers) {
  QStringList texts;
  for (const std::size_t number : numbers) {
    texts << QString::number(number);
  }
  return texts.join(QStringLiteral(", "));
}

/// Numbers of `more` that `less` has not; both rise.
std::vector<std::size_t> added(const std::vector<std::size_t>& less, const std::vector<std::size_t>& more) {
  std::vector<std::size_t> found;
  std::ranges::set_difference(more, less, std::back_inserter(found));
  return found;
}

QString tauStep() { return InspectPage::tr("Change the temperature"); }

}  // namespace

QString settingsStep(const study::InspectSettings& before, const study::InspectSettings& after, const QString& model) {
  if (after == study::InspectSettings()) {
    return InspectPage::tr("As trained");
  }
  if (const auto out = added(before.withoutTokens, after.withoutTokens); !out.empty()) {
    return (out.size() == 1 ? InspectPage::tr("Knock out token %1 of %2") : InspectPage::tr("Knock out tokens %1 of %2"))
        .arg(listed(out), model);
  }
  if (const auto back = added(after.withoutTokens, before.withoutTokens); !back.empty()) {
    return (back.size() == 1 ? InspectPage::tr("Take token %1 of %2 back") : InspectPage::tr("Take tokens %1 of %2 back"))
        .arg(listed(back), model);
  }
  if (before.heads != after.heads) {
    return after.heads.empty() ? InspectPage::tr("Count all heads of %1").arg(model)
                               : (after.heads.size() == 1 ? InspectPage::tr("Isolate head %1 of %2")
                                                          : InspectPage::tr("Isolate heads %1 of %2"))
                                     .arg(listed(after.heads), model);
  }
  return tauStep();
}

void InspectPage::record(const QString& step) {
  // Pictures count as a step once they are loaded: those that cannot be shown never were one.
  const bool own = settings_ == study::InspectSettings();
  const InspectContent now{.pictures = loading_.busy() ? history_.value().pictures : pictures_,
                           .captions = captions_->captions(),
                           .settings = settings_,
                           .settingsOf = own ? std::filesystem::path() : checkpoint_->folder()};
  if (step == tauStep() && history_.undoTitle() == step.toStdString()) {
    history_.undo();  // a slider that moves on is one step
  }
  if (fresh_) {
    history_ = support::History<InspectContent>(now);
  } else {
    history_.push(step.toStdString(), now);
  }
  nameSteps();
}

void InspectPage::step(Step direction) {
  if (direction == Step::Back ? !history_.canUndo() : !history_.canRedo()) {
    return;
  }
  direction == Step::Back ? history_.undo() : history_.redo();
  touched_ = true;
  const InspectContent content = history_.value();
  const bool pictures = content.pictures != pictures_ || loading_.busy();
  pictures_ = content.pictures;
  if (pictures) {
    wantedRow_ = std::max(current(), 0);
    load();
  }
  if (content.captions != captions_->captions()) {
    captions_->setCaptions(content.captions);
  }
  const bool mine = content.settingsOf == checkpoint_->folder();  // heads and tokens of another model say nothing here
  if (const auto wanted = mine ? content.settings : study::InspectSettings(); wanted != settings_) {
    settings_ = wanted;
    readSoon();
  }
  nameSteps();
}

void InspectPage::nameSteps() {
  if (undo_ == nullptr || redo_ == nullptr) {
    return;
  }
  const auto name = [](const QString& plain, const QString& named, const std::string& step) {
    return step.empty() ? plain : named.arg(QString::fromStdString(step));
  };
  undo_->setText(name(tr("Undo"), tr("Undo: %1"), history_.undoTitle()));
  redo_->setText(name(tr("Redo"), tr("Redo: %1"), history_.redoTitle()));
}

void InspectPage::orderCaptions() {
  captions_->setNoGroups(!answer_                 ? tr("They come with the first reading.")
                         : answer_->facts.mixture ? QString()
                                                  : tr("%1 has no mixture weights; a Llip has.")
                                                        .arg(QString::fromStdString(answer_->model())));
  const QStringList& captions = captions_->captions();
  const auto isRead = [](const QString& own, const std::string& read) { return own.toStdString() == read; };
  if (!answer_ || !std::ranges::equal(captions, answer_->question.captions, isRead)) {
    return;  // the reading that comes orders them
  }
  const CaptionOrder wanted = captions_->wantedOrder();
  if (wanted >= CaptionOrder::GroupsOfPicture && answer_->facts.mixture) {
    groupCaptions();
    return;
  }
  grouping_.drop();
  grouped_ = {};
  const int picture = currentInReading();
  std::vector<float> scores(std::size_t(captions.size()), 0.0F);
  if (wanted == CaptionOrder::Score && picture >= 0 && scores_->sheet().captions() == scores.size()) {
    for (std::size_t i = 0; i < scores.size(); ++i) {
      scores[i] = scores_->sheet().at(std::size_t(picture), i);
    }
  }
  captions_->arrange(orderOfScores(scores), {});
  scores_->setOrder(captions_->order());
}

void InspectPage::groupCaptions() {
  std::optional<std::size_t> picture;
  if (captions_->wantedOrder() == CaptionOrder::GroupsOfPicture) {
    picture = std::size_t(std::max(currentInReading(), 0));
  }
  const int count = captions_->wantedGroups();
  const auto show = [this] {
    captions_->arrange(orderOfGroups(grouped_.groups), grouped_.groups);
    scores_->setOrder(captions_->order());
  };
  if (grouped_.areOf(answer_, picture, count)) {
    if (!grouping_.busy() && grouped_.groups.size() == std::size_t(captions_->captions().size())) {
      show();
    }
    return;
  }
  grouped_ = {answer_, picture, count, {}};
  grouping_.ask([answer = answer_, picture, count](
                    std::stop_token) { return captionGroups(*answer, picture, std::size_t(count)); },
                [this, show](Result<std::vector<int>> groups) {
                  if (!groups) {
                    desk().say(groups.error());
                  } else if (grouped_.answer == answer_ && groups->size() == std::size_t(captions_->captions().size()) &&
                             captions_->wantedOrder() >= CaptionOrder::GroupsOfPicture) {
                    grouped_.groups = std::move(*groups);
                    show();
                  }
                });
}

void InspectPage::pastePixels(const QMimeData& mime) {
  if (desk().isReadOnly()) {
    desk().say(widgets::Severity::Warning, tr("This workspace is read-only, so pasted pixels cannot be kept in it; save "
                                              "them as a picture elsewhere and drop that here."));
    return;
  }
  pasting_.ask([pixels = qvariant_cast<QImage>(mime.imageData()), folder = desk().folder() / "pictures"](
                   std::stop_token) { return savePixels(pixels, folder); },
               [this](const Result<std::filesystem::path>& file) {
                 if (!file) {
                   desk().say(file.error());
                 } else {
                   addPictures({data::PictureRef::ofFile(*file)});
                 }
               });
}

}  // namespace lix::app
