#include "frame/doctor_text.h"

#include <QCoreApplication>
#include <cmath>

#include "theme/theme.h"

namespace lix::app {
namespace {
using study::doctor::Ground;
using study::doctor::Report;
using study::doctor::Verdict;
using study::doctor::Weight;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(DoctorSheet)
};

QString safe(const std::string& text) { return QString::fromStdString(text).toHtmlEscaped(); }

QString number(double value) {
  return value != 0.0 && std::abs(value) < 0.01 ? QString::number(value, 'e', 1) : QString::number(value, 'f', 3);
}

QString heading(const QString& text) { return QStringLiteral("<p style='margin:12px 0 4px 0'><b>%1</b></p>").arg(text); }

QString weightText(Weight weight, Ground ground) {
  const bool certain = ground == Ground::Certain;
  switch (weight) {
    case Weight::Note:
      return certain ? Words::tr("Note") : Words::tr("Note (an indication)");
    case Weight::Remark:
      return certain ? Words::tr("Remark") : Words::tr("Remark (an indication)");
    case Weight::Problem:
      return Words::tr("Problem");
  }
  return {};
}

QString findings(const Report& report) {
  QString html;
  for (const auto& one : report.findings) {
    if (one.weight == Weight::Problem && one.text == report.sentence) {
      continue;  // it stands above
    }
    html += QStringLiteral("<tr><td style='padding:2px 6px 2px 0'><img src='icon:%1' width='16' height='16'></td>"
                           "<td style='padding:2px 0'><b>%2.</b> %3</td></tr>")
                .arg(weightIcon(one.weight), weightText(one.weight, one.ground), safe(one.text));
  }
  return html.isEmpty() ? html : heading(Words::tr("Findings")) + "<table cellspacing='0' cellpadding='0'>" + html + "</table>";
}

QString sections(const Report& report, const QString& muted) {
  QString html;
  for (const auto& section : report.sections) {
    html += heading(safe(section.title)) + "<table cellspacing='0' cellpadding='0' width='100%'>";
    for (const auto& fact : section.facts) {
      const QString source = fact.source.empty() ? QString() : QStringLiteral("<br><span style='color:%1'>%2</span>").arg(muted, safe(fact.source));
      html += QStringLiteral("<tr><td width='42%' style='padding:1px 8px 1px 0;color:%1'>%2</td><td style='padding:1px 0'>%3%4</td></tr>")
                  .arg(muted, safe(fact.name), safe(fact.value), source);
    }
    html += "</table>";
  }
  return html;
}

QString pairs(const Report& report, const QString& muted) {
  if (report.pairs.empty()) {
    return {};
  }
  QString html = heading(Words::tr("Known pairs")) +
                 QStringLiteral("<p style='margin:0 0 4px 0;color:%1'>%2</p>")
                     .arg(muted, Words::tr("Drawn pictures, each with a caption that is true and one that is not, and their cosines."));
  html += "<table cellspacing='0' cellpadding='0' width='100%'>";
  for (const auto& pair : report.pairs) {
    html += QStringLiteral("<tr><td style='padding:1px 6px 1px 0'><img src='icon:%1' width='14' height='14'></td>"
                           "<td style='padding:1px 8px 1px 0'>%2<br><span style='color:%5'>%3</span></td>"
                           "<td align='right' style='padding:1px 0'>%4<br><span style='color:%5'>%6</span></td></tr>")
                .arg(pair.holds() ? "check" : "cancel", safe(pair.right), Words::tr("not: %1").arg(safe(pair.wrong)), number(pair.rightCosine), muted,
                     number(pair.wrongCosine));
  }
  return html + "</table>";
}

QString cell(const QString& text) { return QStringLiteral("<td align='right'>%1</td>").arg(text); }

QString mistakes(const Report& report, const QString& muted) {
  if (report.mistakes.empty()) {
    return {};
  }
  QString html = heading(Words::tr("What mistakes would cost")) +
                 QStringLiteral("<p style='margin:0 0 4px 0;color:%1'>%2</p>")
                     .arg(muted, Words::tr("Each was made with this checkpoint on the known pairs: largest change of a number of a unit embedding, "
                                           "least cosine of the right and the wrong embedding, largest change of a logit."));
  html += "<table cellspacing='0' cellpadding='0' width='100%'><tr>";
  for (const QString& column : {Words::tr("Embedding"), Words::tr("Cosine"), Words::tr("Logit")}) {
    html += QStringLiteral("<th align='right' width='33%'>%1</th>").arg(column);
  }
  html += "</tr>";
  QString left;
  for (const auto& one : report.mistakes) {
    if (!one.reason.empty()) {
      left += QStringLiteral("<li>%1: %2</li>").arg(safe(one.name), safe(one.reason));
      continue;
    }
    // The name has a line of its own: beside three numbers a narrow sheet would break its words.
    html += QStringLiteral("<tr><td colspan='3' style='padding:6px 0 0 0'>%1</td></tr><tr>").arg(safe(one.name)) +
            cell(number(one.component)) + cell(QString::number(one.cosineLeast, 'f', 4)) + cell(number(one.logit)) + "</tr>";
  }
  html += "</table>";
  return left.isEmpty() ? html : html + QStringLiteral("<p style='margin:6px 0 0 0;color:%1'>%2</p><ul style='margin:2px 0 0 14px;-qt-list-indent:0;color:%1'>%3</ul>")
                                            .arg(muted, Words::tr("Not possible with this checkpoint:"), left);
}

}  // namespace

QString verdictText(Verdict verdict) {
  return verdict == Verdict::Ready ? Words::tr("Ready") : verdict == Verdict::Remarks ? Words::tr("Ready with remarks") : Words::tr("Refused");
}

QString verdictIcon(Verdict verdict) {
  return verdict == Verdict::Ready ? "check" : verdict == Verdict::Remarks ? "warning" : "error";
}

QString weightIcon(Weight weight) { return weight == Weight::Note ? "info" : weight == Weight::Remark ? "warning" : "error"; }

QString doctorHtml(const Report& report, figures::Theme theme) {
  const QString muted = widgets::colours(theme).muted.name();
  return findings(report) + mistakes(report, muted) + pairs(report, muted) + sections(report, muted);
}

}  // namespace lix::app
