#include "pages/inspect/context_source.h"

#include <QComboBox>
#include <QSpinBox>
#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "charts/flow_layout.h"
#include "chrome/eliding_box.h"
#include "desk/desk.h"
#include "frame/choices.h"
#include "pages/inspect/inspect_context.h"
#include "store/support_store.h"

namespace lix::app {
namespace {

constexpr std::array kSourceNames{"dataset", "support", "page", "selection"};
constexpr int kNameCharacters = 10;  // room for names in a narrow panel

QComboBox* narrowBox(QComboBox* box) {
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box->setMinimumContentsLength(kNameCharacters);
  return box;
}

}  // namespace

SourceBar::SourceBar(Desk& desk, const QString& name, Kinds kinds, QWidget* parent)
    : QWidget(parent),
      desk_(desk),
      storing_(desk.storing()),
      listing_(desk.storing()),
      source_(new QComboBox),
      split_(new QComboBox),
      support_(narrowBox(new widgets::ElidingBox)),
      dataset_(new DatasetBox(desk)),
      most_(new QSpinBox) {
  build(name, kinds);
  buildMost(name);
  most_->setVisible(kinds == Kinds::Everything);
  connect(source_, &QComboBox::currentIndexChanged, this, &SourceBar::onChoice);
  connect(dataset_, &DatasetBox::chosen, this, &SourceBar::onChoice);
  connect(split_, &QComboBox::currentIndexChanged, this, &SourceBar::onChoice);
  connect(most_, &QSpinBox::valueChanged, this, &SourceBar::onChoice);
  connect(support_, &QComboBox::currentIndexChanged, this, [this] {
    if (!filling_) {
      wantedSupport_ = support_->currentText().toStdString();
      onChoice();
    }
  });
  onChoice();
}

void SourceBar::build(const QString& name, Kinds kinds) {
  source_->setObjectName(name + "Source");
  source_->setAccessibleName(tr("Where the pictures come from"));
  source_->addItems({tr("A dataset"), tr("A support set")});
  if (kinds == Kinds::Everything) {
    source_->addItems({tr("Pictures of this page"), tr("A selection")});
    source_->setToolTip(
        tr("Which pictures the current picture may attend to. A selection is what is dropped onto this panel, or pasted "
           "into it with Ctrl+V. Arrow keys choose."));
  } else {
    source_->setToolTip(tr("Where to look for what is near. Arrow keys choose."));
  }
  dataset_->setObjectName(name + "Dataset");
  dataset_->setName("emoji");
  split_->setObjectName(name + "Split");
  split_->setAccessibleName(tr("Split"));
  split_->setToolTip(tr("The part of the dataset that the pictures are taken from. Arrow keys choose."));
  split_->addItems({tr("train"), tr("validation"), tr("test")});
  split_->setCurrentIndex(2);
  support_->setObjectName(name + "Support");
  support_->setAccessibleName(tr("Support set"));
  support_->setToolTip(tr("A support set of the Support page, as it stands there. Arrow keys choose."));
  auto* layout = new widgets::FlowLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  for (QWidget* part : std::initializer_list<QWidget*>{source_, dataset_, split_, support_, most_}) {
    layout->addWidget(part);
  }
}

void SourceBar::buildMost(const QString& name) {
  most_->setObjectName(name + "Most");
  most_->setRange(2, kMostContext);
  most_->setValue(128);
  most_->setKeyboardTracking(false);
  most_->setPrefix(tr("at most "));
  most_->setAccessibleName(tr("Pictures in the context"));
  most_->setToolTip(
      tr("How many pictures the context holds, up to %1; of more, so many are drawn at random, always the "
         "same ones. Training batches hold 128. Up and Down change it.")
          .arg(kMostContext));
}

ContextChoice::Source SourceBar::source() const {
  return static_cast<ContextChoice::Source>(std::max(source_->currentIndex(), 0));
}

void SourceBar::setSource(ContextChoice::Source source) { source_->setCurrentIndex(int(source)); }

void SourceBar::onChoice() {
  const bool dataset = source() == ContextChoice::Source::Dataset;
  dataset_->setVisible(dataset);
  split_->setVisible(dataset);
  support_->setVisible(source() == ContextChoice::Source::Support);
  most_->setVisible(source_->count() > 2 && source() != ContextChoice::Source::Page);
  updateGeometry();
  if (!filling_) {
    Q_EMIT changed();
  }
}

ContextChoice SourceBar::choice() const {
  ContextChoice choice{.source = source(), .most = most_->value()};
  if (choice.source == ContextChoice::Source::Dataset) {
    choice.name = dataset_->name();
    choice.split = static_cast<data::Split>(split_->currentIndex());
  } else if (choice.source == ContextChoice::Source::Support) {
    choice.name = support_->currentText().toStdString();
  } else if (choice.source == ContextChoice::Source::Page) {
    choice.most = kMostContext;
  }
  return choice;
}

QString SourceBar::problem() const {
  const ContextChoice wanted = choice();
  if (wanted.source == ContextChoice::Source::Support && wanted.name.empty()) {
    return tr("There is no support set yet: make one on the Support page.");
  }
  if (wanted.source == ContextChoice::Source::Dataset && wanted.name.empty()) {
    return tr("Choose a dataset above.");
  }
  return {};
}

void SourceBar::refresh() {
  const auto read = [](const store::Workspace& workspace) { return store::SupportStore(workspace).list(); };
  desk_.ask(listing_, read, [this](Result<std::vector<store::SupportSetRow>> rows) {
    if (!rows) {
      desk_.say(rows.error());
      return;
    }
    filling_ = true;
    support_->clear();
    for (const auto& row : *rows) {
      support_->addItem(QString::fromStdString(row.name));
    }
    const int found = support_->findText(QString::fromStdString(wantedSupport_));
    support_->setCurrentIndex(found >= 0 ? found : rows->empty() ? -1 : 0);
    filling_ = false;
    if (source() == ContextChoice::Source::Support) {
      Q_EMIT setsRead();
    }
  });
}

void SourceBar::load(ContextChoice choice, std::function<void(Result<ContextChoice>)> answer) {
  storing_.drop();
  if (choice.source != ContextChoice::Source::Support) {
    answer(std::move(choice));
    return;
  }
  const auto read = [name = choice.name](const store::Workspace& workspace) {
    return store::SupportStore(workspace).load(name);
  };
  desk_.ask(storing_, read, [choice, answer](Result<std::vector<store::SupportClassRow>> classes) mutable {
    if (!classes) {
      answer(std::unexpected(classes.error()));
      return;
    }
    for (const store::SupportClassRow& one : *classes) {
      for (const std::string& text : one.pictures) {
        if (auto ref = data::pictureRefFromText(text)) {
          choice.pictures.push_back(std::move(*ref));
          choice.labels.push_back(one.name);
        }
      }
    }
    if (choice.pictures.size() < 2) {
      answer(fail(ErrorCode::BadInput, cat("The support set ", choice.name, " has fewer than two pictures: add some on "
                                           "the Support page.")));
      return;
    }
    answer(std::move(choice));
  });
}

QJsonObject SourceBar::state() const {
  return {{"source", kSourceNames[std::size_t(source())]},
          {"dataset", QString::fromStdString(dataset_->name())},
          {"split", split_->currentIndex()},
          {"support", QString::fromStdString(wantedSupport_)},
          {"most", most_->value()}};
}

void SourceBar::restore(const QJsonObject& state) {
  filling_ = true;
  for (int i = 0; i < std::min(source_->count(), int(kSourceNames.size())); ++i) {
    if (state["source"].toString() == kSourceNames[std::size_t(i)]) {
      source_->setCurrentIndex(i);
    }
  }
  if (const QString name = state["dataset"].toString(); !name.isEmpty()) {
    dataset_->setName(name.toStdString());
  }
  split_->setCurrentIndex(std::clamp(state["split"].toInt(split_->currentIndex()), 0, split_->count() - 1));
  most_->setValue(state["most"].toInt(most_->value()));
  wantedSupport_ = state["support"].toString().toStdString();
  filling_ = false;
  onChoice();
}

}  // namespace lix::app
