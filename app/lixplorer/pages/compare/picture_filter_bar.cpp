#include "pages/compare/picture_filter_bar.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QToolButton>
#include <utility>

namespace lix::app {
namespace {

constexpr int kShownLetters = 7;

}  // namespace

PictureFilterBar::PictureFilterBar(QWidget* parent) : QWidget(parent) {
  label_ = classBox("compare.filter.class", tr("Any class"), tr("Pictures of this true class alone; arrows change it."));
  saidA_ = classBox("compare.filter.a", tr("A: any"), tr("Pictures that A takes for this class; arrows change it."));
  saidB_ = classBox("compare.filter.b", tr("B: any"), tr("Pictures that B takes for this class; arrows change it."));
  words_ = new QLineEdit;
  words_->setObjectName("compare.filter.words");
  words_->setAccessibleName(tr("Words in the pictures' names"));
  words_->setPlaceholderText(tr("Name"));
  words_->setToolTip(tr("Pictures with these words in name or key alone (Ctrl+F)."));
  words_->setClearButtonEnabled(true);
  clear_ = new QToolButton;
  clear_->setObjectName("compare.filter.clear");
  clear_->setText(tr("All"));
  clear_->setAccessibleName(tr("Show all pictures"));
  clear_->setToolTip(tr("Shows all pictures again (Ctrl+Shift+F)."));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(6);
  for (QComboBox* box : {label_, saidA_, saidB_}) {
    row->addWidget(box, 2);
    connect(box, &QComboBox::currentIndexChanged, this, &PictureFilterBar::changed);
  }
  row->addWidget(words_, 2);
  row->addWidget(clear_);
  connect(words_, &QLineEdit::textChanged, this, &PictureFilterBar::changed);
  connect(clear_, &QToolButton::clicked, this, &PictureFilterBar::cleared);
}

QComboBox* PictureFilterBar::classBox(const char* name, const QString& any, const QString& tip) {
  auto* box = new QComboBox;
  box->setObjectName(name);
  box->setAccessibleName(any);
  box->setToolTip(tip);
  box->setMinimumContentsLength(kShownLetters);
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box->addItem(any);
  return box;
}

std::optional<int> PictureFilterBar::chosen(const QComboBox& box) {
  return box.currentIndex() <= 0 ? std::nullopt : std::optional(box.currentIndex() - 1);
}

void PictureFilterBar::setClasses(const std::vector<std::string>& classes) {
  if (classes == classes_) {
    return;
  }
  classes_ = classes;
  for (const auto& [box, prefix] : {std::pair(label_, ""), {saidA_, "A: "}, {saidB_, "B: "}}) {
    QStringList names{box->itemText(0)};
    for (const std::string& name : classes) {
      names << prefix + QString::fromStdString(name);
    }
    const QSignalBlocker quiet(box);
    box->clear();
    box->addItems(names);
  }
}

void PictureFilterBar::setFilter(const PictureFilter& filter) {
  const QSignalBlocker quiet(this);
  label_->setCurrentIndex(filter.label.value_or(-1) + 1);
  saidA_->setCurrentIndex(filter.saidA.value_or(-1) + 1);
  saidB_->setCurrentIndex(filter.saidB.value_or(-1) + 1);
  words_->setText(QString::fromStdString(filter.text));
}

PictureFilter PictureFilterBar::filter(std::optional<Verdict> verdict) const {
  return {verdict, chosen(*label_), chosen(*saidA_), chosen(*saidB_), words_->text().toStdString()};
}

void PictureFilterBar::focusWords() {
  words_->setFocus();
  words_->selectAll();
}

}  // namespace lix::app
