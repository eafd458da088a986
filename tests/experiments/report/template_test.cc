#include "experiments/report/template.h"

#include <gtest/gtest.h>

#include "engine/error.h"

namespace grove {
namespace {

std::string MessageOf(const std::string& text, const nlohmann::json& data) {
  try {
    FillTemplate(text, Markup::kHtml, data);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(FillTemplate, EscapesForTheMarkup) {
  const nlohmann::json data = {{"x", "a < b & \"c\" | \xC3\xA9"}};
  EXPECT_EQ(FillTemplate("{{x}} {{{x}}}", Markup::kHtml, data),
            "a &lt; b &amp; &quot;c&quot; | &#233; a < b & \"c\" | \xC3\xA9");
  EXPECT_EQ(FillTemplate("{{x}}", Markup::kMarkdown, data), "a < b & \"c\" \\| \xC3\xA9");
  EXPECT_EQ(FillTemplate("{{x}}", Markup::kMarkdown, {{"x", "<b> & &amp; *x* a_b"}}),
            "&lt;b> & &amp;amp; \\*x\\* a_b");
}

TEST(FillTemplate, OfAShellEveryValueIsOneWord) {
  const auto word = [](const std::string& text) {
    return FillTemplate("{{x}}", Markup::kShell, {{"x", text}});
  };
  EXPECT_EQ(word("/a/b-c_1.toml"), "/a/b-c_1.toml");
  EXPECT_EQ(word("a b"), "'a b'");
  EXPECT_EQ(word("it's $HOME\n"), "'it'\\''s $HOME\n'");
  EXPECT_EQ(word("~"), "'~'");
  EXPECT_EQ(word("model=rnn|rlstm"), "'model=rnn|rlstm'");
  EXPECT_EQ(QuoteForShell(""), "''");
}

TEST(FillTemplate, RepeatsSectionsAndLooksUpOuterNames) {
  const nlohmann::json data = {
      {"n", 2}, {"rows", {{{"name", "a"}, {"last", false}}, {{"name", "b"}, {"last", true}}}}};
  EXPECT_EQ(FillTemplate("{{#rows}}\n{{name}} of {{n}}{{^last}},{{/last}}\n{{/rows}}\nend\n",
                         Markup::kHtml, data),
            "a of 2,\nb of 2\nend\n");
}

TEST(FillTemplate, LeavesOutWhatIsEmpty) {
  const nlohmann::json data = {{"text", ""}, {"list", nlohmann::json::array()}, {"flag", false}};
  EXPECT_EQ(FillTemplate("{{#text}}1{{/text}}{{#list}}2{{/list}}{{#flag}}3{{/flag}}{{^text}}4"
                         "{{/text}}{{text}}",
                         Markup::kHtml, data),
            "4");
}

TEST(FillTemplate, LeavesOneOfSeveralBlankLinesInMarkdown) {
  EXPECT_EQ(FillTemplate("a\n\n{{#x}}\nb\n{{/x}}\n\nc\n", Markup::kMarkdown, {{"x", false}}),
            "a\n\nc\n");
}

TEST(FillTemplate, ANameThatIsNotGivenIsAnError) {
  EXPECT_EQ(MessageOf("{{x}}{{y}}", {{"x", 1}}), "the template names what it was not given: y");
  EXPECT_EQ(MessageOf("{{#z}}{{/z}}", {{"x", 1}}), "the template names what it was not given: z");
  EXPECT_EQ(MessageOf("{{^z}}{{/z}}", {{"x", 1}}), "the template names what it was not given: z");
}

TEST(FillTemplate, AMalformedTemplateIsAnError) {
  EXPECT_NE(MessageOf("{{#x}}", {{"x", 1}}).find("malformed template"), std::string::npos);
}

TEST(FillTemplate, NumbersAreRoundedBefore) {
  EXPECT_NE(MessageOf("{{x}}", {{"x", 0.5}}).find("not with 0.5"), std::string::npos);
}

TEST(PageFile, HoldsTheStyleAndNothingUnknown) {
  EXPECT_NE(PageFile("style.css").find("prefers-color-scheme: dark"), std::string::npos);
  EXPECT_THROW(PageFile("nothing.css"), Error);
}

}  // namespace
}  // namespace grove
