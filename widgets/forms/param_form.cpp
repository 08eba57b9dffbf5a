#include "forms/param_form.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSlider>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <functional>

#include "base/contracts.h"
#include "forms/log_field.h"
#include "forms/number_field.h"
#include "forms/title.h"
#include "theme/theme.h"

namespace lix::widgets {
namespace {

constexpr int kLongestText = 4096;
constexpr int kResetSize = 26;

QString toQt(const std::string& text) { return QString::fromStdString(text); }

QString shown(const ParamValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) {
    return *flag ? ParamForm::tr("on") : ParamForm::tr("off");
  }
  if (const auto* text = std::get_if<std::string>(&value)) {
    return text->empty() ? ParamForm::tr("nothing") : toQt(*text);
  }
  return numberText(value);
}

bool isNumber(const ParamValue& value) {
  return std::holds_alternative<long long>(value) || std::holds_alternative<double>(value);
}

/// Help, range, default and keys; rich text, so that it wraps.
QString toolTipOf(const Param& param) {
  QStringList lines{toQt(param.help)};
  const bool number = isNumber(param.value);
  const auto bound = [&](double value) {
    const bool whole = std::holds_alternative<long long>(param.value);
    return numberText(whole ? ParamValue(static_cast<long long>(value)) : ParamValue(value));
  };
  lines << (number && param.min != param.max
                ? ParamForm::tr("%1 to %2, default %3.").arg(bound(param.min), bound(param.max), shown(param.value))
                : ParamForm::tr("Default: %1.").arg(shown(param.value)));
  if (number) {
    lines << ParamForm::tr("Keys: Up and Down.");
  } else if (std::holds_alternative<bool>(param.value)) {
    lines << ParamForm::tr("Key: Space.");
  }
  lines.removeAll(QString());
  return QStringLiteral("<qt>%1</qt>").arg(lines.join(u'\n').toHtmlEscaped().replace(u'\n', QStringLiteral("<br>")));
}

/// One parameter: its widgets, and how its editor is read and written.
struct Row {
  Param param;
  bool folded = false;
  QLabel* title = nullptr;
  QWidget* editor = nullptr;  ///< what stands in the grid
  QWidget* field = nullptr;   ///< the part of it that is typed into
  QToolButton* reset = nullptr;
  std::function<ParamValue()> read;
  std::function<void(const ParamValue&)> write;

  bool changed() const { return read() != param.value; }
};

}  // namespace

class ParamForm::Parts {
 public:
  explicit Parts(ParamForm* owner) : form(owner) {}

  void build(const std::vector<Param>& params, const std::vector<std::string>& advanced);
  void write(const ParamValues& values);

  ParamForm* form;
  std::vector<Row> rows;  // those that fold come last

 private:
  void clear();
  void addFlag(Row& row);
  void addText(Row& row);
  void addNumber(Row& row);
  void finish(Row& row);
  void addReset(std::size_t index);
  void addFold();
  void place();
  void edited();
  void show();

  QWidget* page_ = nullptr;  // all of the form, made anew by build
  QToolButton* fold_ = nullptr;
  bool unfolded_ = false;
  bool quiet_ = false;  // while values are written: one signal for all
};

void ParamForm::Parts::addFlag(Row& row) {
  auto* box = new QCheckBox(page_);
  box->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  box->setChecked(std::get<bool>(row.param.value));
  row.editor = row.field = box;
  row.read = [box] { return ParamValue(box->isChecked()); };
  row.write = [box](const ParamValue& value) { box->setChecked(std::get<bool>(value)); };
  QObject::connect(box, &QCheckBox::toggled, form, [this] { edited(); });
}

void ParamForm::Parts::addText(Row& row) {
  auto* line = new QLineEdit(toQt(std::get<std::string>(row.param.value)), page_);
  line->setMaxLength(kLongestText);
  row.editor = row.field = line;
  row.read = [line] { return ParamValue(line->text().toStdString()); };
  row.write = [line](const ParamValue& value) { line->setText(toQt(std::get<std::string>(value))); };
  QObject::connect(line, &QLineEdit::textChanged, form, [this] { edited(); });
}

void ParamForm::Parts::addNumber(Row& row) {
  const Param& param = row.param;
  NumberField* number = nullptr;
  if (param.scale == ParamScale::Log && param.min > 0.0 && param.min < param.max) {
    auto* both = new LogField(param, page_);
    number = both->field();
    both->slider()->setObjectName(QStringLiteral("slider.") + toQt(param.key));
    both->slider()->setAccessibleName(tr("%1, slider").arg(toQt(param.title)));
    both->slider()->setAccessibleDescription(toQt(param.help));
    both->slider()->setToolTip(toolTipOf(param));
    row.editor = both;
  } else {
    number = new NumberField(param, page_);
    row.editor = number;
  }
  row.field = number;
  row.read = [number] { return number->value(); };
  row.write = [number](const ParamValue& value) { number->setValue(value); };
  QObject::connect(number, &NumberField::valueChanged, form, [this] { edited(); });
  QObject::connect(number, &NumberField::corrected, form, &ParamForm::corrected);
}

void ParamForm::Parts::finish(Row& row) {
  const QString name = toQt(row.param.title.empty() ? row.param.key : row.param.title);
  row.field->setObjectName(QStringLiteral("param.") + toQt(row.param.key));
  row.field->setAccessibleName(name);
  row.field->setAccessibleDescription(toQt(row.param.help));
  row.field->setToolTip(toolTipOf(row.param));
  row.title = new Title(name, *row.field, page_);
  row.title->setToolTip(toolTipOf(row.param));
}

void ParamForm::Parts::addReset(std::size_t index) {
  Row& row = rows[index];
  row.reset = new QToolButton(page_);
  row.reset->setObjectName(QStringLiteral("reset.") + toQt(row.param.key));
  row.reset->setIcon(icon(QStringLiteral("undo")));
  row.reset->setIconSize({14, 14});
  row.reset->setFixedSize(kResetSize, kResetSize);
  row.reset->setFocusPolicy(Qt::StrongFocus);
  row.reset->setAccessibleName(tr("Default of %1").arg(row.field->accessibleName()));
  row.reset->setToolTip(tr("Back to the default, %1 (Space)").arg(shown(row.param.value)));
  QObject::connect(row.reset, &QToolButton::clicked, form, [this, index] {
    const Row& own = rows[index];
    if (own.reset->hasFocus()) {
      own.field->setFocus(Qt::OtherFocusReason);  // the button is about to go
    }
    own.write(own.param.value);
  });
}

void ParamForm::Parts::addFold() {
  fold_ = new QToolButton(page_);
  fold_->setObjectName(QStringLiteral("param.more"));
  fold_->setCheckable(true);
  fold_->setChecked(unfolded_);
  fold_->setFocusPolicy(Qt::StrongFocus);
  fold_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  fold_->setToolTip(tr("Shows or hides the settings that are rarely changed (Space)"));
  QObject::connect(fold_, &QToolButton::toggled, form, [this](bool on) {
    unfolded_ = on;
    show();
  });
}

void ParamForm::Parts::place() {
  auto* grid = new QGridLayout(page_);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(8);
  grid->setVerticalSpacing(6);
  grid->setColumnStretch(1, 1);
  grid->setColumnMinimumWidth(2, kResetSize);  // editors keep their width when a button comes
  QWidget* before = nullptr;
  const auto next = [&before](QWidget* widget) {
    if (before) {
      QWidget::setTabOrder(before, widget);
    }
    before = widget;
  };
  int line = 0;
  for (const Row& row : rows) {
    if (row.folded && grid->indexOf(fold_) < 0) {
      grid->addWidget(fold_, line++, 0, 1, 3, Qt::AlignLeft);
      next(fold_);
    }
    grid->addWidget(row.title, line, 0);
    grid->addWidget(row.editor, line, 1);
    grid->addWidget(row.reset, line++, 2, Qt::AlignCenter);
    if (row.editor != row.field) {
      next(row.editor->findChild<QSlider*>());
    }
    next(row.field);
    next(row.reset);
  }
  grid->setRowStretch(line, 1);
}

void ParamForm::Parts::clear() {
  rows.clear();
  fold_ = nullptr;
  if (!page_) {
    return;
  }
  // It goes later: one of its editors may be what asked for other parameters.
  for (QObject* child : page_->findChildren<QObject*>()) {
    child->disconnect(form);
  }
  page_->hide();
  page_->setParent(nullptr);
  page_->deleteLater();
}

void ParamForm::Parts::build(const std::vector<Param>& params, const std::vector<std::string>& advanced) {
  clear();
  page_ = new QWidget(form);
  for (const Param& param : params) {
    Row row;
    row.param = param;
    row.folded = std::ranges::find(advanced, param.key) != advanced.end();
    if (std::holds_alternative<bool>(param.value)) {
      addFlag(row);
    } else if (isNumber(param.value)) {
      addNumber(row);
    } else {
      addText(row);
    }
    finish(row);
    rows.push_back(std::move(row));
  }
  std::ranges::stable_partition(rows, [](const Row& row) { return !row.folded; });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    addReset(i);
  }
  if (!rows.empty() && rows.back().folded) {
    addFold();
  }
  place();
  form->layout()->addWidget(page_);
  show();
}

void ParamForm::Parts::show() {
  int changed = 0;
  for (const Row& row : rows) {
    const bool visible = !row.folded || unfolded_;
    row.title->setVisible(visible);
    row.editor->setVisible(visible);
    row.reset->setVisible(visible && row.changed());
    changed += row.folded && row.changed() ? 1 : 0;
  }
  if (fold_) {
    fold_->setArrowType(unfolded_ ? Qt::DownArrow : Qt::RightArrow);
    // What is folded away must not act unseen.
    fold_->setText(changed == 0 ? tr("More settings") : tr("More settings (%1 changed)").arg(changed));
    fold_->setAccessibleName(fold_->text());
    fold_->setAccessibleDescription(unfolded_ ? tr("unfolded") : tr("folded"));
  }
}

void ParamForm::Parts::edited() {
  if (!quiet_) {
    show();
    Q_EMIT form->changed();
  }
}

void ParamForm::Parts::write(const ParamValues& values) {
  const ParamValues before = form->values();
  quiet_ = true;
  for (const Row& row : rows) {
    const auto given = values.find(row.param.key);
    if (given == values.end()) {
      continue;
    }
    const bool wholeForReal =
        std::holds_alternative<double>(row.param.value) && std::holds_alternative<long long>(given->second);
    LIX_REQUIRE(given->second.index() == row.param.value.index() || wholeForReal);
    row.write(given->second);
  }
  quiet_ = false;
  if (form->values() != before) {
    edited();
  }
}

ParamForm::ParamForm(QWidget* parent) : QWidget(parent), parts_(std::make_unique<Parts>(this)) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
}

ParamForm::~ParamForm() = default;

void ParamForm::setParams(const std::vector<Param>& params, const std::vector<std::string>& advanced) {
  parts_->build(params, advanced);
}

void ParamForm::setZeroTexts(const std::map<std::string, QString>& words) {
  for (const Row& row : parts_->rows) {
    const auto found = words.find(row.param.key);
    if (auto* number = qobject_cast<NumberField*>(row.field)) {
      number->setZeroText(found == words.end() ? QString() : found->second);
    }
  }
}

ParamValues ParamForm::values() const {
  ParamValues values;
  for (const Row& row : parts_->rows) {
    values.emplace(row.param.key, row.read());
  }
  return values;
}

void ParamForm::setValues(const ParamValues& values) { parts_->write(values); }

ParamValues ParamForm::changedValues() const {
  ParamValues values;
  for (const Row& row : parts_->rows) {
    if (row.changed()) {
      values.emplace(row.param.key, row.read());
    }
  }
  return values;
}

}  // namespace lix::widgets
