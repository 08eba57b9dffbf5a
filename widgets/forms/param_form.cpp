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
#include "theme/theme.h"

namespace lix::widgets {
namespace {

QString toQt(const std::string& text) { return QString::fromStdString(text); }

QString shown(const ParamValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) {
    return *flag ? ParamForm::tr("on") : ParamForm::tr("off");
  }
  if (const auto* text = std::get_if<std::string>(&value)) {
    return text->empty() ? ParamForm::tr("empty") : toQt(*text);
  }
  return numberText(value);
}

QString toolTipOf(const Param& param) {
  const bool bounded = param.min != param.max;
  const QString range = bounded ? ParamForm::tr("%1 to %2, default %3.")
                                      .arg(numberText(param.min), numberText(param.max), shown(param.value))
                                : ParamForm::tr("Default: %1.").arg(shown(param.value));
  return QStringLiteral("<qt>%1<br>%2</qt>").arg(toQt(param.help).toHtmlEscaped(), range.toHtmlEscaped());
}

/// One parameter: its widgets, and how its editor is read and written.
struct Row {
  Param param;
  bool folded = false;
  QLabel* title = nullptr;
  QWidget* editor = nullptr;
  QToolButton* reset = nullptr;
  std::function<ParamValue()> read;
  std::function<void(const ParamValue&)> write;  // without a signal of the form
};

}  // namespace

class ParamForm::Parts {
 public:
  explicit Parts(ParamForm* owner) : form(owner) {}

  void build(const std::vector<Param>& params, const std::vector<std::string>& advanced);
  bool write(const ParamValues& values);
  void edited();

  ParamForm* form;
  QWidget* page = nullptr;  // all of the form, made anew by build
  QToolButton* fold = nullptr;
  QWidget* more = nullptr;
  std::vector<Row> rows;
  bool quiet = false;  // while values are written: one signal for all

 private:
  void addEditor(Row& row);
  void addFlag(Row& row);
  void addText(Row& row);
  void addNumber(Row& row);
  void addReset(std::size_t index);
  void place(QGridLayout& grid, bool folded);
  void show();
};

void ParamForm::Parts::addFlag(Row& row) {
  auto* box = new QCheckBox(page);
  box->setChecked(std::get<bool>(row.param.value));
  row.editor = box;
  row.read = [box] { return ParamValue(box->isChecked()); };
  row.write = [box](const ParamValue& value) { box->setChecked(std::get<bool>(value)); };
  QObject::connect(box, &QCheckBox::toggled, form, [this] { edited(); });
}

void ParamForm::Parts::addText(Row& row) {
  auto* field = new QLineEdit(toQt(std::get<std::string>(row.param.value)), page);
  row.editor = field;
  row.read = [field] { return ParamValue(field->text().toStdString()); };
  row.write = [field](const ParamValue& value) { field->setText(toQt(std::get<std::string>(value))); };
  QObject::connect(field, &QLineEdit::textChanged, form, [this] { edited(); });
}

void ParamForm::Parts::addNumber(Row& row) {
  const bool slides = row.param.scale == ParamScale::Log && row.param.min > 0.0 && row.param.min < row.param.max;
  NumberField* field = nullptr;
  if (slides) {
    auto* both = new LogField(row.param, page);
    field = both->field();
    both->slider()->setObjectName("slider." + toQt(row.param.key));
    both->slider()->setAccessibleName(row.title->text());
    both->slider()->setToolTip(toolTipOf(row.param));
    row.editor = both;
  } else {
    field = new NumberField(row.param, page);
    row.editor = field;
  }
  field->setObjectName("param." + toQt(row.param.key));
  field->setAccessibleName(row.title->text());
  field->setToolTip(toolTipOf(row.param) + tr("Keys: Up and Down."));
  row.read = [field] { return field->value(); };
  row.write = [field](const ParamValue& value) { field->setValue(value); };
  QObject::connect(field, &NumberField::valueChanged, form, [this] { edited(); });
}

void ParamForm::Parts::addEditor(Row& row) {
  row.title = new QLabel(toQt(row.param.title.empty() ? row.param.key : row.param.title), page);
  row.title->setToolTip(toolTipOf(row.param));
  if (std::holds_alternative<bool>(row.param.value)) {
    addFlag(row);
  } else if (std::holds_alternative<std::string>(row.param.value)) {
    addText(row);
  } else {
    addNumber(row);
  }
  if (row.editor->objectName().isEmpty() && qobject_cast<NumberField*>(row.editor) == nullptr &&
      row.editor->findChild<NumberField*>() == nullptr) {
    row.editor->setObjectName("param." + toQt(row.param.key));
    row.editor->setAccessibleName(row.title->text());
    row.editor->setToolTip(toolTipOf(row.param));
  }
  row.title->setBuddy(row.editor);
}

void ParamForm::Parts::addReset(std::size_t index) {
  Row& row = rows[index];
  row.reset = new QToolButton(page);
  row.reset->setObjectName("reset." + toQt(row.param.key));
  row.reset->setAutoRaise(true);
  row.reset->setIcon(icon(QStringLiteral("undo")));
  row.reset->setIconSize({14, 14});
  row.reset->setFocusPolicy(Qt::StrongFocus);
  row.reset->setAccessibleName(tr("Default of %1").arg(row.title->text()));
  row.reset->setToolTip(tr("Back to the default, %1 (Space)").arg(shown(row.param.value)));
  QSizePolicy policy = row.reset->sizePolicy();
  policy.setRetainSizeWhenHidden(true);  // editors keep their width
  row.reset->setSizePolicy(policy);
  QObject::connect(row.reset, &QToolButton::clicked, form, [this, index] { rows[index].write(rows[index].param.value); });
}

void ParamForm::Parts::place(QGridLayout& grid, bool folded) {
  grid.setContentsMargins(0, 0, 0, 0);
  grid.setHorizontalSpacing(10);
  grid.setVerticalSpacing(4);
  grid.setColumnStretch(1, 1);
  int line = 0;
  for (const Row& row : rows) {
    if (row.folded == folded) {
      grid.addWidget(row.title, line, 0);
      grid.addWidget(row.editor, line, 1);
      grid.addWidget(row.reset, line++, 2);
    }
  }
}

void ParamForm::Parts::build(const std::vector<Param>& params, const std::vector<std::string>& advanced) {
  const bool open = fold != nullptr && fold->isChecked();
  if (page != nullptr) {
    // One of its editors may be what this call comes from.
    for (QObject* child : page->findChildren<QObject*>()) {
      child->disconnect(form);
    }
    page->setParent(nullptr);
    page->deleteLater();
  }
  rows.clear();
  page = new QWidget(form);
  for (const Param& param : params) {
    Row row;
    row.param = param;
    row.folded = std::find(advanced.begin(), advanced.end(), param.key) != advanced.end();
    addEditor(row);
    rows.push_back(std::move(row));
    addReset(rows.size() - 1);
  }
  int widest = 0;
  for (const Row& row : rows) {
    widest = std::max(widest, row.title->sizeHint().width());
  }
  for (const Row& row : rows) {
    row.title->setMinimumWidth(widest);  // both parts begin their editors in one column
  }
  auto* down = new QVBoxLayout(page);
  down->setContentsMargins(0, 0, 0, 0);
  auto* plain = new QWidget(page);
  place(*new QGridLayout(plain), false);
  fold = new QToolButton(page);
  fold->setObjectName(QStringLiteral("param.more"));
  fold->setCheckable(true);
  fold->setChecked(open);
  fold->setAutoRaise(true);
  fold->setFocusPolicy(Qt::StrongFocus);
  fold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  fold->setToolTip(tr("Shows or hides the settings that are rarely changed (Space)"));
  more = new QWidget(page);
  place(*new QGridLayout(more), true);
  down->addWidget(plain);
  down->addWidget(fold, 0, Qt::AlignLeft);
  down->addWidget(more);
  QObject::connect(fold, &QToolButton::toggled, form, [this] { show(); });
  form->layout()->addWidget(page);
  show();
}

void ParamForm::Parts::show() {
  int changed = 0;
  bool any = false;
  for (const Row& row : rows) {
    const bool other = row.read() != row.param.value;
    row.reset->setVisible(other);
    any = any || row.folded;
    changed += other && row.folded ? 1 : 0;
  }
  fold->setVisible(any);
  fold->setArrowType(fold->isChecked() ? Qt::DownArrow : Qt::RightArrow);
  // What is folded away must not act unseen.
  fold->setText(changed == 0 ? tr("More settings") : tr("More settings (%1 changed)").arg(changed));
  fold->setAccessibleName(fold->text());
  more->setVisible(any && fold->isChecked());
}

void ParamForm::Parts::edited() {
  show();
  if (!quiet) {
    Q_EMIT form->changed();
  }
}

bool ParamForm::Parts::write(const ParamValues& values) {
  const ParamValues before = form->values();
  quiet = true;
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
  quiet = false;
  return form->values() != before;
}

ParamForm::ParamForm(QWidget* parent) : QWidget(parent), parts_(std::make_unique<Parts>(this)) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
}

ParamForm::~ParamForm() = default;

void ParamForm::setParams(const std::vector<Param>& params, const std::vector<std::string>& advanced) {
  parts_->build(params, advanced);
}

ParamValues ParamForm::values() const {
  ParamValues values;
  for (const Row& row : parts_->rows) {
    values[row.param.key] = row.read();
  }
  return values;
}

void ParamForm::setValues(const ParamValues& values) {
  if (parts_->write(values)) {
    Q_EMIT changed();
  }
}

ParamValues ParamForm::changedValues() const {
  ParamValues values;
  for (const Row& row : parts_->rows) {
    if (row.read() != row.param.value) {
      values[row.param.key] = row.read();
    }
  }
  return values;
}

}  // namespace lix::widgets
