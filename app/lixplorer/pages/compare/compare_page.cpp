#include "pages/compare/compare_page.h"

#include <QComboBox>
#include <QItemSelectionModel>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStackedWidget>
#include <QToolButton>
#include <algorithm>

#include "chrome/action_table.h"
#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "desk/tasks.h"
#include "docks/dock_area.h"
#include "frame/choices.h"
#include "frame/page_parts.h"
#include "frame/picture_model.h"
#include "frame/preview.h"
#include "image_grid/image_grid.h"
#include "pages/compare/comparison_text.h"
#include "pages/compare/curves_pair_panel.h"
#include "pages/compare/map_pair_panel.h"
#include "pages/compare/picture_filter_bar.h"
#include "pages/compare/verdict_cards.h"
#include "shared/models_folder.h"

namespace lix::app {
namespace {

constexpr const char* kUsualDataset = "emoji";

int numberOf(const QJsonValue& value, const QSpinBox& box) {
  return std::clamp(value.toInt(box.value()), box.minimum(), box.maximum());
}

/// The folder of a checkpoint that is named by itself, with a slash at its end, or by its weights' file.
std::filesystem::path plainPath(const std::filesystem::path& path) {
  std::filesystem::path plain = path.lexically_normal();
  plain = plain.has_filename() ? plain : plain.parent_path();
  return plain.extension() == ".safetensors" ? plain.parent_path() : plain;
}

/// The split that these pictures are all of; none where they are fewer, or of several.
std::optional<data::Split> splitOf(const DatasetShelf& shelf, const std::string& name,
                                   const std::vector<std::string>& keys) {
  const auto opened = shelf.open(name);
  if (!opened || keys.empty() || !(*opened)->byKey.contains(keys.front())) {
    return std::nullopt;
  }
  const auto& samples = (*opened)->set.samples;
  const data::Split split = samples[(*opened)->byKey.at(keys.front())].split;
  for (const data::Sample& sample : samples) {
    if ((sample.split == split) != std::ranges::binary_search(keys, sample.key)) {
      return std::nullopt;
    }
  }
  return split;
}

void choose(QComboBox& box, const QVariant& data) {
  if (const int found = box.findData(data); found >= 0) {
    box.setCurrentIndex(found);
  }
}

}  // namespace

ComparePage::ComparePage(Desk& desk, QWidget* parent)
    : Page(desk, PageId::Compare, parent),
      labelRelay_(desk.io()),
      readingRelay_(desk.interactive()),
      curvesRelay_(desk.storing()),
      chosenRelay_(desk.io()),
      verifyRelay_(desk.interactive()) {
  build();
  connectParts();
  dataset_->setName(kUsualDataset);
  proposeCheckpoints();
  askLabelSets();
  lookAll();
}

ComparePage::~ComparePage() { delete docks_; }

void ComparePage::connectParts() {
  for (CheckpointBox* box : {a_, b_}) {
    connect(box, &CheckpointBox::chosen, this, &ComparePage::onChoice);
  }
  connect(&desk().checkpoints(), &CheckpointShelf::changed, this, &ComparePage::proposeCheckpoints);
  connect(&desk().checkpoints(), &CheckpointShelf::added, this, [this](const QString& folder) {
    if (!wantedB_.isEmpty() && plainPath(folder.toStdString()) == plainPath(wantedB_.toStdString())) {
      b_->setFolder(folder.toStdString());
      wantedB_.clear();
    }
  });
  connect(&desk().checkpoints(), &CheckpointShelf::changed, this, &ComparePage::verify);
  connect(&desk(), &Desk::said, this, [this](widgets::Severity severity) {
    if (severity == widgets::Severity::Error) {
      wantedB_.clear();  // what could not be read now is not to become B when somebody opens it later
    }
  });
  connect(swap_, &QToolButton::clicked, this, &ComparePage::swap);
  connect(dataset_, &DatasetBox::chosen, this, [this] {
    if (dataset_->name() != onlyDataset_) {
      restrictTo({}, {});
    }
    askLabelSets();
  });
  for (QComboBox* box : {labels_, split_, method_, most_}) {
    connect(box, &QComboBox::currentIndexChanged, this, &ComparePage::onChoice);
  }
  connect(labels_, &QComboBox::activated, this, [this] { wantedLabels_ = labels_->currentText().toStdString(); });
  for (QSpinBox* box : {shots_, seed_}) {
    connect(box, &QSpinBox::valueChanged, this, &ComparePage::onChoice);
  }
  for (QPushButton* button : {compare_, emptyButton_}) {
    connect(button, &QPushButton::clicked, this, [this] { task_.isEmpty() ? start() : desk().tasks().cancel(task_); });
  }
  connect(&desk().tasks(), &Tasks::changed, this, &ComparePage::onTasks);
  connectPictures();
  connect(curves_, &CurvesPairPanel::measureAsked, this, [this] { desk().show(PageId::Curves); });
}

void ComparePage::connectPictures() {
  connect(cards_, &VerdictCards::changed, this, [this] {
    filter_.verdict = cards_->chosen();
    showPictures();
  });
  connect(filters_, &PictureFilterBar::changed, this, [this] {
    filter_ = filters_->filter(cards_->chosen());
    showPictures();
  });
  connect(filters_, &PictureFilterBar::cleared, this, [this] { setFilter({}); });
  connect(wider_, &QPushButton::clicked, this, [this] {
    setFilter({.verdict = filter_.verdict});
    grid_->setFocus();
  });
  connect(sort_, &QComboBox::currentIndexChanged, this, &ComparePage::showPictures);
  connect(grid_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ComparePage::onSelected);
  connect(grid_, &widgets::ImageGrid::previewAsked, this, [this](const QModelIndex& at) { preview(at.row()); });
  connect(preview_, &PicturePreview::stepped, this, [this](int delta) {
    preview(std::clamp(grid_->currentIndex().row() + delta, 0, std::max(0, int(rows_.size()) - 1)));
  });
  connect(inspect_, &QPushButton::clicked, this, &ComparePage::inspect);
}

void ComparePage::addActions(widgets::ActionTable& table) {
  const auto add = [&](const char* id, const QString& text, const QString& help, const char* icon, const char* key,
                       std::function<void()> run) {
    table.add({.id = id,
               .menu = tr("C&ompare"),
               .text = text,
               .help = help,
               .icon = icon,
               .key = QKeySequence(key),
               .run = [run = std::move(run)](bool) { run(); },
               .scope = pageName(this->id())});
  };
  add("compare.start", tr("Compare"), tr("Classifies the pictures with both checkpoints, or cancels that."), "compare",
      "Ctrl+Return", [this] { compare_->click(); });
  add("compare.swap", tr("Exchange A and B"), tr("Exchanges the two checkpoints."), "", "Ctrl+Shift+X",
      [this] { swap(); });
  add("compare.inspect", tr("Open in Inspect"), tr("Hands the selected pictures to the Inspect page."), "inspect",
      "Ctrl+I", [this] { inspect(); });
  add("compare.lock", tr("Lock both pictures"), tr("Both maps are enlarged and moved together, or each by itself."), "",
      "Ctrl+Shift+L", [this] { maps_->toggleLock(); });
  add("compare.find", tr("Find by name"), tr("Goes to the words that pictures' names are narrowed by."), "search",
      "Ctrl+F", [this] { filters_->focusWords(); });
  add("compare.all", tr("Show all pictures"), tr("Takes all filters off the grid."), "", "Ctrl+Shift+F",
      [this] { setFilter({}); });
  add("compare.csv", tr("Save the list..."), tr("Saves the pictures of the list with both answers as CSV."), "save",
      "Ctrl+E", [this] { askForFile(); });
  add("compare.support", tr("Take the list to Support"), tr("Hands all pictures of the list to the Support page."),
      "support", "", [this] { handOver(PageId::Support); });
  add("compare.data", tr("Take the list to Data"), tr("Selects all pictures of the list on the Data page."), "data", "",
      [this] { handOver(PageId::Data); });
  for (const ComparePreset& preset : comparePresets()) {
    add(qPrintable(QString("compare.use.") + preset.id), preset.title, preset.help, "compare", "",
        [this, preset] { usePreset(preset); });
  }
}

void ComparePage::usePreset(const ComparePreset& preset) {
  const PresetChoice choice = chooseFor(preset, desk().checkpoints().entries());
  if (!choice.missing.isEmpty()) {
    desk().say(widgets::Severity::Info, choice.missing);
    return;
  }
  proposed_ = true;
  a_->setFolder(choice.a);
  b_->setFolder(choice.b);
  if (dataset_->name().empty()) {
    dataset_->setName(kUsualDataset);
  }
  choose(*method_, preset.method);
  wantedPanel_ = preset.panel;
  docks_->showPanel(preset.panel);
}

void ComparePage::receive(const Payload& payload) {
  if (!payload.paths.empty()) {  // the first: two at once would leave it open which is B
    const std::filesystem::path folder = plainPath(payload.paths.front());
    wantedB_ = QString::fromStdString(folder.string());
    desk().checkpoints().add(folder);
  } else if (!payload.pictures.empty()) {
    takePictures(payload.pictures);
  }
}

void ComparePage::takePictures(const std::vector<data::PictureRef>& pictures) {
  const auto first = std::ranges::find_if(pictures, [](const auto& picture) { return !picture.isFile(); });
  if (first == pictures.end()) {
    desk().say(widgets::Severity::Warning,
               tr("Files have no labels, so nobody can tell who is right; add their folder on the Data page first."));
    return;
  }
  std::vector<std::string> keys;
  for (const data::PictureRef& picture : pictures) {
    if (!picture.isFile() && picture.dataset == first->dataset) {
      keys.push_back(picture.key);
    }
  }
  if (keys.size() < pictures.size()) {
    desk().say(widgets::Severity::Info, tr("Only the pictures of %1 are compared; the others are of other data.")
                                            .arg(QString::fromStdString(first->dataset)));
  }
  std::ranges::sort(keys);
  keys.erase(std::ranges::unique(keys).begin(), keys.end());
  restrictTo(first->dataset, keys);
  // All of a split is that split.
  chosenRelay_.ask(
      [name = first->dataset, keys, &shelf = desk().datasets()](std::stop_token) { return splitOf(shelf, name, keys); },
      [this, keys](const std::optional<data::Split>& split) {
        if (split && only_ == keys) {
          choose(*split_, int(*split));
          restrictTo({}, {});
        }
      });
}

void ComparePage::restrictTo(const std::string& dataset, std::vector<std::string> keys) {
  onlyDataset_ = dataset;
  only_ = std::move(keys);
  chosenText_->setText(only_.size() == 1 ? tr("Compares the one picture that was chosen.")
                                         : tr("Compares the %1 pictures that were chosen.").arg(only_.size()));
  chosen_->setVisible(!only_.empty());
  split_->setEnabled(only_.empty());
  if (!only_.empty()) {
    dataset_->setName(dataset);
  }
  onChoice();
}

void ComparePage::open(const QString& what) {
  if (const QString prefix = "checkpoint:"; what.startsWith(prefix)) {
    proposed_ = true;
    b_->setFolder(what.mid(prefix.size()).toStdString());
  } else if (const QString named = "dataset:"; what.startsWith(named)) {
    restrictTo({}, {});
    dataset_->setName(what.mid(named.size()).toStdString());
  }
}

void ComparePage::shown() {
  if (shown_ != nullptr) {
    askCurves();  // there may be more by now
    verify();
  }
}

QJsonObject ComparePage::state() const {
  const ComparisonOrder now = order();
  QJsonObject panels;
  for (const auto& [id, panel] : panels_) {
    panels[id] = panel->state();
  }
  return {{"a", QString::fromStdString(now.checkpointA.string())},
          {"b", QString::fromStdString(now.checkpointB.string())},
          {"dataset", QString::fromStdString(now.dataset)},
          {"label_set", QString::fromStdString(wantedLabels_)},
          {"split", split_->currentData().toInt()},
          {"method", QString::fromStdString(now.method)},
          {"shots", shots_->value()},
          {"seed", seed_->value()},
          {"most", most_->currentData().toLongLong()},
          {"sort", sort_->currentData().toInt()},
          {"panels", panels}};
}

void ComparePage::restore(const QJsonObject& state) {
  const QString a = state.value("a").toString(), b = state.value("b").toString();
  if (!a.isEmpty() && !b.isEmpty()) {
    proposed_ = true;
    a_->setFolder(a.toStdString());
    b_->setFolder(b.toStdString());
  }
  if (const QString labels = state.value("label_set").toString(); !labels.isEmpty()) {
    wantedLabels_ = labels.toStdString();
  }
  if (const QString dataset = state.value("dataset").toString(); !dataset.isEmpty()) {
    dataset_->setName(dataset.toStdString());
  }
  choose(*split_, state.value("split").toInt(-1));
  choose(*method_, state.value("method").toString());
  shots_->setValue(numberOf(state.value("shots"), *shots_));
  seed_->setValue(numberOf(state.value("seed"), *seed_));
  choose(*sort_, state.value("sort").toInt(-1));
  choose(*most_, qulonglong(state.value("most").toInteger(kMostQueries)));
  const QJsonObject panels = state.value("panels").toObject();
  for (const auto& [id, panel] : panels_) {
    panel->restore(panels[id].toObject());
  }
  askLabelSets();
}

void ComparePage::proposeCheckpoints() {
  const auto& entries = desk().checkpoints().entries();
  if (proposed_ || entries.size() < 2) {
    onChoice();
    return;
  }
  proposed_ = true;
  // The equally long control against the post-trained one, where the shipped models are here; else the two newest.
  const auto folderOf = [&](const char* name, std::size_t otherwise) {
    const auto found = std::ranges::find(entries, name, [](const auto& entry) { return entry.folder.filename(); });
    return (found == entries.end() ? entries[otherwise] : *found).folder;
  };
  a_->setFolder(folderOf(kShippedModels[2].folder, 1));
  b_->setFolder(folderOf(kShippedModels[1].folder, 0));
  onChoice();
}

void ComparePage::askLabelSets() {
  const std::string name = dataset_->name();
  labelProblem_ = name.empty() ? QString() : tr("Reading the labels of the dataset.");
  {
    const QSignalBlocker quiet(labels_);
    labels_->clear();
  }
  onChoice();
  if (name.empty()) {
    labelRelay_.drop();
    return;
  }
  using Names = Result<std::vector<std::string>>;
  labelRelay_.ask(
      [name, &shelf = desk().datasets()](std::stop_token) -> Names {
        LIX_TRY(const auto opened, shelf.open(name));
        std::vector<std::string> names;
        for (const data::LabelSet& set : opened->set.labelSets) {
          names.push_back(set.name);
        }
        return names;
      },
      [this, name](const Names& names) {
        labelProblem_ = !names ? QString::fromStdString(names.error().message)
                        : names->empty()
                            ? tr("The pictures of %1 have no labels, so nobody can tell who is right; choose a dataset "
                                 "with classes, such as class folders.")
                                  .arg(QString::fromStdString(name))
                            : QString();
        if (names) {
          const QSignalBlocker quiet(labels_);
          for (const std::string& set : *names) {
            labels_->addItem(QString::fromStdString(set));
          }
          labels_->setCurrentIndex(std::max(0, labels_->findText(QString::fromStdString(wantedLabels_))));
        }
        onChoice();
      });
}

void ComparePage::swap() {
  const auto a = a_->folder(), b = b_->folder();
  proposed_ = true;
  a_->setFolder(b);
  b_->setFolder(a);
}

}  // namespace lix::app
