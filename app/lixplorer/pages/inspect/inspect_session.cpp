// How the page begins, is asked for things from outside, and is kept.
#include <QClipboard>
#include <QFileInfo>
#include <QGuiApplication>
#include <QJsonArray>
#include <QKeyEvent>
#include <QMimeData>

#include "chrome/action_table.h"
#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "desk/drag_out.h"
#include "docks/dock_area.h"
#include "frame/choices.h"
#include "frame/picture_model.h"
#include "frame/preview.h"
#include "image_grid/image_grid.h"
#include "pages/inspect/caption_panel.h"
#include "pages/inspect/inspect_page.h"
#include "pages/inspect/inspect_panel.h"
#include "pages/inspect/matrix_panel.h"
#include "pages/inspect/score_matrix.h"
#include "pages/inspect/weights_panel.h"

namespace lix::app {
void InspectPage::addActions(widgets::ActionTable& table) {
  const auto add = [&](const char* verb, const QString& text, const QString& help, const QString& icon,
                       const QKeySequence& key, auto run) {
    table.add({.id = QStringLiteral("inspect.") + verb, .menu = tr("&Inspect"), .text = text, .help = help,
               .icon = icon, .key = key, .run = [run](bool) { run(); }, .scope = pageName(id())});
  };
  add("addPictures", tr("Add pictures..."), tr("Opens picture files."), "add", QKeySequence("Ctrl+Shift+A"),
      [this] { choosePictures(); });
  add("addCaption", tr("Type a caption"), tr("Goes to the line that adds captions."), {}, QKeySequence("Ctrl+L"),
      [this] { captions_->focusEntry(); });
  add("paste", tr("Paste pictures or captions"),
      tr("Adds copied pictures, and copied text as captions, one a line."), {}, QKeySequence(QKeySequence::Paste),
      [this] { paste(); });
  add("copyScores", tr("Copy scores"), tr("Copies the matrix as tab-separated text."), "copy",
      QKeySequence("Ctrl+Shift+C"), [this] { scores_->copy(); });
  add("preview", tr("Quick preview"), tr("Shows the current picture large (Space on it)."), "picture", {},
      [this] { preview(current()); });
  add("support", tr("Selection into support set"), tr("Sends the selected pictures to the Support page."), "support",
      {}, [this] { desk().handOver(PageId::Support, {.pictures = selected(), .captions = {}, .paths = {}}); });
  add("copyPictures", tr("Copy pictures"), tr("Copies the selected pictures and their names."), "copy", {},
      [this] { copyPictures(); });
  add("removePictures", tr("Remove pictures"), tr("Removes the selected pictures from this page; their files stay."),
      "trash", {}, [this] { removePictures(); });
  add("undo", tr("Undo"), tr("Takes back the last change of pictures, captions, tokens and heads on this page."), "undo",
      QKeySequence("Ctrl+Z"), [this] { step(Step::Back); });
  add("redo", tr("Redo"), tr("Does again what was taken back."), "redo", QKeySequence("Ctrl+Shift+Z"),
      [this] { step(Step::Forth); });
  add("split", tr("Split captions into sentences"),
      tr("Makes a caption of each sentence of the selected captions, or of all."), {}, QKeySequence("Ctrl+Shift+J"),
      [this] { captions_->splitIntoSentences(); });
  add("knockOut", tr("Knock out the current token"),
      tr("Leaves the token under the cursor of the mixture weights out, or takes it back; for evaluation only (Delete "
         "on the figure)."),
      {}, {}, [this] {
        docks_->showPanel("weights");
        static_cast<WeightsPanel*>(panels_.at("weights"))->knockOutCurrent();
      });
  add("asTrained", tr("As trained"),
      tr("Takes the temperature, heads and tokens that the checkpoint was trained with (Esc on the figure)."), {}, {},
      [this] { static_cast<WeightsPanel*>(panels_.at("weights"))->reset(); });
  undo_ = table.action(QStringLiteral("inspect.undo"));
  redo_ = table.action(QStringLiteral("inspect.redo"));
  nameSteps();
  for (const char* id : {"inspect.preview", "inspect.support", "inspect.copyPictures", "inspect.removePictures"}) {
    grid_->addAction(table.action(id));
  }
  grid_->setContextMenuPolicy(Qt::ActionsContextMenu);
}

std::vector<data::PictureRef> InspectPage::selected() const {
  return model_->pictures(grid_->selectionModel()->selectedIndexes());
}

void InspectPage::copyPictures() {
  const auto pictures = selected();
  if (pictures.empty()) {
    return;
  }
  QStringList lines;
  for (const data::PictureRef& picture : pictures) {
    lines << QString::fromStdString(picture.isFile() ? picture.file.string() : picture.key);
  }
  QMimeData* mime = toMime({.pictures = pictures, .captions = {}, .paths = {}}, desk());
  mime->setText(lines.join('\n'));
  QGuiApplication::clipboard()->setMimeData(mime);
}

void InspectPage::paste() {
  const QMimeData* mime = QGuiApplication::clipboard()->mimeData();
  if (mime == nullptr) {
    return;
  }
  const Payload payload = fromMime(*mime);
  if (mime->hasImage() && payload.pictures.empty() && payload.captions.empty()) {
    pastePixels(*mime);  // a browser adds the address that they came from
  } else if (!payload.isEmpty()) {
    receive(payload);
  }
}

void InspectPage::preview(int row) {
  if (row >= 0 && row < int(pictures_.size())) {
    setCurrent(row);
    const auto known = std::ranges::find(loaded_, pictures_[std::size_t(row)], &LoadedPicture::ref);
    preview_->show(pictures_[std::size_t(row)],
                   known == loaded_.end() ? QString() : QString::fromStdString(known->label));
  }
}

void InspectPage::keyPressEvent(QKeyEvent* event) {
  if (event->matches(QKeySequence::Paste)) {
    paste();
    return;
  }
  Page::keyPressEvent(event);
}

void InspectPage::open(const QString& what) {
  if (what.startsWith("checkpoint:")) {
    modelChosen_ = true;
    checkpoint_->setFolder(what.mid(11).toStdString());
  } else if (what.startsWith("run:")) {
    const long long run = what.mid(4).toLongLong();
    for (const CheckpointShelf::Entry& entry : desk().checkpoints().entries()) {
      if (entry.run == run) {
        modelChosen_ = true;
        checkpoint_->setFolder(entry.folder);
        return;
      }
    }
    desk().say(widgets::Severity::Warning, tr("That run has no checkpoint yet; it comes with its first save."));
  }
}

void InspectPage::shown() {
  lookFirst();
  showCurrent();
}

void InspectPage::showEvent(QShowEvent* event) {
  Page::showEvent(event);
  shown();
}

void InspectPage::hideEvent(QHideEvent* event) {
  Page::hideEvent(event);
  for (const auto& entry : panels_) {
    entry.second->rest();
  }
}

void InspectPage::lookFirst() {
  const auto& entries = desk().checkpoints().entries();
  if (touched_ || !isVisible() || entries.empty() || !pictures_.empty() || looking_.busy()) {
    return;
  }
  if (!modelChosen_) {
    const auto llip = std::ranges::find(entries, "llip", &CheckpointShelf::Entry::recipe);
    checkpoint_->setFolder((llip == entries.end() ? entries.front() : *llip).folder);
  }
  looking_.ask([datasets = &desk().datasets()](std::stop_token) { return firstLook(*datasets); },
               [this](const FirstLook& look) {
                 if (touched_ || look.pictures.empty()) {
                   return;
                 }
                 QStringList captions;
                 for (const std::string& caption : look.captions) {
                   captions << QString::fromStdString(caption);
                 }
                 fresh_ = true;
                 setPictures(look.pictures);
                 captions_->setCaptions(captions);
                 touched_ = false;
               });
}

QJsonObject InspectPage::state() const {
  QJsonArray pictures;
  for (const data::PictureRef& ref : pictures_) {
    pictures.append(QString::fromStdString(data::toText(ref)));
  }
  QJsonObject panels;
  for (const auto& [id, panel] : panels_) {
    panels[id] = panel->state();
  }
  QJsonObject state{{"captions", QJsonArray::fromStringList(captions_->captions())},
                    {"checkpoint", QString::fromStdString(checkpoint_->folder().string())},
                    {"other", QString::fromStdString(other_->folder().string())},
                    {"picture", current()},
                    {"caption", captions_->current()},
                    {"score", static_cast<int>(scores_->wanted())},
                    {"captionOrder", static_cast<int>(captions_->wantedOrder())},
                    {"groups", captions_->wantedGroups()},
                    {"side", static_cast<int>(scores_->side())},
                    {"best", static_cast<int>(scores_->best())},
                    {"panels", panels}};
  if (touched_) {
    state["pictures"] = pictures;
  }
  return state;
}

void InspectPage::restore(const QJsonObject& state) {
  if (const QString folder = state["checkpoint"].toString(); !folder.isEmpty() && !modelChosen_) {
    modelChosen_ = true;
    checkpoint_->setFolder(folder.toStdString());
  }
  if (touched_) {
    return;  // what a person chose meanwhile stays
  }
  if (const QString folder = state["other"].toString(); !folder.isEmpty()) {
    other_->setFolder(folder.toStdString());
  }
  captions_->setWantedGroups(state["groups"].toInt(captions_->wantedGroups()));
  captions_->setWantedOrder(static_cast<CaptionOrder>(std::clamp(state["captionOrder"].toInt(), 0, 3)));
  scores_->setSide(static_cast<ScoreSide>(std::clamp(state["side"].toInt(), 0, 2)));
  scores_->setBest(static_cast<BestMark>(std::clamp(state["best"].toInt(1), 0, 2)));
  scores_->setWanted(static_cast<ScoreKind>(std::clamp(state["score"].toInt(), 0, 2)));
  const QJsonObject panels = state["panels"].toObject();
  for (const auto& [id, panel] : panels_) {
    panel->restore(panels[id].toObject());
  }
  if (!state["pictures"].isArray()) {
    return;  // nothing was chosen: something to look at comes when the page is shown
  }
  std::vector<data::PictureRef> pictures;
  const QJsonArray texts = state["pictures"].toArray();
  for (const QJsonValue& text : texts) {
    if (auto ref = data::pictureRefFromText(text.toString().toStdString())) {
      pictures.push_back(std::move(*ref));
    }
  }
  QStringList captions;
  const QJsonArray lines = state["captions"].toArray();
  for (const QJsonValue& line : lines) {
    captions << line.toString();
  }
  fresh_ = true;
  setPictures(std::move(pictures));
  wantedRow_ = state["picture"].toInt();
  showGrid();
  captions_->setCaptions(captions);
  captions_->setCurrent(state["caption"].toInt());
}

}  // namespace lix::app
