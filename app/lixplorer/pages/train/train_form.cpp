#include "pages/train/train_form.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>

#include "desk/checkpoint_shelf.h"
#include "desk/desk.h"
#include "forms/param_form.h"
#include "frame/choices.h"
#include "frame/page_parts.h"
#include "pages/train/warning_list.h"
#include "resources/resource.h"
#include "study/train/outlook.h"
#include "study/train/params.h"

namespace lix::app {
namespace {

const std::vector<std::string>& advancedKeys() {
  static const std::vector<std::string> kKeys{"warmup",      "weight_decay", "clip",    "scalar_multiplier",
                                              "min_crop",    "flip",         "threads", "checkpoint_every",
                                              "half_weights"};
  return kKeys;
}

QString toQt(const std::string& text) { return QString::fromStdString(text); }

/// Size presets by name: the files of resources/models.
QStringList presets() {
  QStringList names;
  for (const std::string_view file : resources("models/")) {
    names << QString::fromUtf8(file.data() + 7, qsizetype(file.size()) - 12);
  }
  return names;
}

QJsonValue toJson(const ParamValue& value) {
  return std::visit(
      [](const auto& one) -> QJsonValue {
        using T = std::remove_cvref_t<decltype(one)>;
        if constexpr (std::is_same_v<T, std::string>) {
          return toQt(one);
        } else if constexpr (std::is_same_v<T, long long>) {
          return double(one);
        } else {
          return one;
        }
      },
      value);
}

/// The values of known keys whose types fit and that lie in range.
ParamValues fromJson(const QJsonObject& object, const std::vector<Param>& params) {
  ParamValues values;
  for (const Param& param : params) {
    const QJsonValue given = object.value(toQt(param.key));
    ParamValue value;
    if (std::holds_alternative<bool>(param.value) && given.isBool()) {
      value = given.toBool();
    } else if (std::holds_alternative<long long>(param.value) && given.isDouble()) {
      value = static_cast<long long>(given.toDouble());
    } else if (std::holds_alternative<double>(param.value) && given.isDouble()) {
      value = given.toDouble();
    } else {
      continue;
    }
    if (study::withParams({}, {{param.key, value}})) {
      values.emplace(param.key, value);
    }
  }
  return values;
}

QLabel* note() {
  auto* label = new QLabel;
  label->setWordWrap(true);
  label->setProperty("muted", true);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  return label;
}

}  // namespace

TrainForm::TrainForm(Desk& desk, QWidget* parent) : QWidget(parent), desk_(desk), recipes_(nn::recipes()) {
  build();
  onRecipe();
  connect(recipeBox_, &QComboBox::currentIndexChanged, this, &TrainForm::onRecipe);
  connect(sizeBox_, &QComboBox::currentIndexChanged, this, &TrainForm::refresh);
  connect(data_, &DatasetBox::chosen, this, &TrainForm::refresh);
  connect(start_, &CheckpointBox::chosen, this, &TrainForm::onStart);
  connect(params_, &widgets::ParamForm::changed, this, &TrainForm::refresh);
}

void TrainForm::build() {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 8, 0);
  column->setSpacing(10);
  recipeBox_ = new QComboBox;
  recipeBox_->setObjectName("train.recipe");
  recipeBox_->setToolTip(tr("What the model learns: its towers and its loss (arrow keys change it)."));
  for (const nn::Recipe& recipe : recipes_) {
    recipeBox_->addItem(toQt(recipe.title), toQt(recipe.id));
    recipeBox_->setItemData(recipeBox_->count() - 1, toQt(recipe.help), Qt::ToolTipRole);
  }
  recipeBox_->setCurrentIndex(std::max(0, recipeBox_->findData("siglixp")));
  recipeHelp_ = note();
  recipeHelp_->setObjectName("train.recipeHelp");
  data_ = new DatasetBox(desk_);
  data_->setObjectName("train.data");
  data_->setToolTip(tr("The pictures and captions to learn from; drop a folder here or add it on the Data page."));
  start_ = new CheckpointBox(desk_);
  start_->setObjectName("train.start");
  start_->setNoneText(tr("Nothing (new weights)"));
  start_->setToolTip(tr("Weights to begin with: new ones, or those of a checkpoint (post-training)."));
  sizeBox_ = new QComboBox;
  sizeBox_->setObjectName("train.size");
  sizeBox_->addItems(presets());
  sizeBox_->setToolTip(tr("Size of a model that starts from nothing; a checkpoint brings its own."));
  startNote_ = note();
  startNote_->setObjectName("train.startNote");
  startNote_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  startNote_->setMinimumHeight(2 * startNote_->fontMetrics().lineSpacing() + 6);  // no field moves when its text changes
  params_ = new widgets::ParamForm;
  params_->setObjectName("train.params");
  params_->setParams(study::trainParams(), advancedKeys());
  warnings_ = new WarningList("train.warnings");

  column->addWidget(labelled(tr("Recipe"), recipeBox_));
  column->addWidget(recipeHelp_);
  column->addWidget(labelled(tr("Data"), data_));
  auto* start = new QHBoxLayout;
  start->setSpacing(8);
  start->addWidget(labelled(tr("Start from"), start_), 3);
  start->addWidget(labelled(tr("Size"), sizeBox_), 1);
  column->addLayout(start);
  column->addWidget(startNote_);
  column->addWidget(params_);
  column->addWidget(warnings_);
}

const nn::Recipe& TrainForm::recipe() const {
  const auto id = recipeBox_->currentData().toString().toStdString();
  const auto found = std::ranges::find(recipes_, id, &nn::Recipe::id);
  return found == recipes_.end() ? recipes_.front() : *found;
}

void TrainForm::onRecipe() {
  recipeHelp_->setText(QStringLiteral("%1<br><span style='font-size:small'>%2</span>")
                           .arg(toQt(recipe().help).toHtmlEscaped(), toQt(recipe().citation).toHtmlEscaped()));
  start_->setFilter([this](const std::string& id) { return fits(id); });
  onStart();
}

bool TrainForm::fits(const std::string& id) const {
  const auto other = std::ranges::find(recipes_, id, &nn::Recipe::id);
  return other == recipes_.end() || (other->towers == recipe().towers && other->head == recipe().head);
}

void TrainForm::onStart() {
  const bool given = !start_->folder().empty();
  if (given != fromCheckpoint_) {
    fromCheckpoint_ = given;
    const ParamValues kept = params_->changedValues();  // what a person set stays, the usual rate does not
    const QSignalBlocker quiet(params_);
    params_->setParams(study::trainParams(given ? study::TrainStart::Checkpoint : study::TrainStart::Nothing),
                       advancedKeys());
    params_->setValues(kept);
  }
  refresh();
}

void TrainForm::refresh() {
  sizeBox_->setEnabled(!fromCheckpoint_);
  const auto usual = [](study::TrainStart start) {
    return std::get<double>(study::trainParam("learning_rate", start).value);
  };
  startNote_->setText(
      fromCheckpoint_ ? tr("Post-training: the usual learning rate is a tenth, %1. The size is the checkpoint's.")
                            .arg(usual(study::TrainStart::Checkpoint))
                      : tr("New weights: the usual learning rate is %1.").arg(usual(study::TrainStart::Nothing)));
  QStringList sentences;
  for (const std::string& warning : study::settingsWarnings(settings().value_or(chosen()), recipe())) {
    // Of a checkpoint only the dry run knows how far its temperature is.
    if (!fromCheckpoint_ || warning.find("tau_ctx") == std::string::npos) {
      sentences << toQt(warning);
    }
  }
  warnings_->setSentences(sentences);
  Q_EMIT changed();
}

study::TrainSettings TrainForm::chosen() const {
  study::TrainSettings settings;
  settings.recipe = recipe().id;
  settings.data = data_->name();
  settings.init = start_->folder().string();
  settings.size = sizeBox_->currentText().toStdString();
  return settings;
}

Result<study::TrainSettings> TrainForm::settings() const {
  LIX_TRY(auto settings, study::withParams(chosen(), params_->values()));
  LIX_CHECK(settings.validate());
  return settings;
}

QString TrainForm::obstacle() const {
  if (desk_.isReadOnly()) {
    return tr("This workspace is open for reading only, so nothing can be trained in it.");
  }
  if (data_->name().empty()) {
    return tr("Choose the data to learn from first.");
  }
  const auto asked = settings();
  return asked ? QString() : toQt(asked.error().message);
}

const QStringList& TrainForm::warnings() const { return warnings_->sentences(); }
void TrainForm::setData(const std::string& name) { data_->setName(name); }

void TrainForm::setStart(const std::filesystem::path& checkpoint) {
  const auto& entries = desk_.checkpoints().entries();
  const auto entry = std::ranges::find(entries, checkpoint, &CheckpointShelf::Entry::folder);
  if (entry != entries.end() && !fits(entry->recipe) && recipeBox_->findData(toQt(entry->recipe)) >= 0) {
    const QString before = recipeBox_->currentText();
    setRecipe(entry->recipe);
    desk_.say(widgets::Severity::Info,
              tr("The checkpoint %1 has other towers than the recipe %2 trains, so the recipe %3 was chosen.")
                  .arg(toQt(entry->label), before, recipeBox_->currentText()));
  }
  start_->setFolder(checkpoint);
}

void TrainForm::setRecipe(const std::string& id) {
  recipeBox_->setCurrentIndex(std::max(0, recipeBox_->findData(toQt(id))));
}

QJsonObject TrainForm::state() const {
  QJsonObject values;
  for (const auto& [key, value] : params_->changedValues()) {
    values.insert(toQt(key), toJson(value));
  }
  return {{"recipe", toQt(recipe().id)},
          {"data", toQt(data_->name())},
          {"start", toQt(start_->folder().string())},
          {"size", sizeBox_->currentText()},
          {"values", values}};
}

void TrainForm::restore(const QJsonObject& state) {
  if (const int at = recipeBox_->findData(state.value("recipe").toString()); at >= 0) {
    recipeBox_->setCurrentIndex(at);
  }
  if (const QString name = state.value("data").toString(); !name.isEmpty()) {
    data_->setName(name.toStdString());
  }
  if (const QString folder = state.value("start").toString(); !folder.isEmpty()) {
    start_->setFolder(folder.toStdString());
  }
  if (const int at = sizeBox_->findText(state.value("size").toString()); at >= 0) {
    sizeBox_->setCurrentIndex(at);
  }
  params_->setValues(fromJson(state.value("values").toObject(), study::trainParams()));
  refresh();
}

}  // namespace lix::app
