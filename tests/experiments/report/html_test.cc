#include "experiments/report/html.h"

#include "gtest/gtest.h"

namespace grove {
namespace {

TEST(EscapeHtml, EscapesMarkup) {
  EXPECT_EQ(EscapeHtml("a < b && \"c\" > 'd'"),
            "a &lt; b &amp;&amp; &quot;c&quot; &gt; &#39;d&#39;");
}

TEST(EscapeHtml, WritesAsciiOnly) {
  EXPECT_EQ(EscapeHtml("\xC3\xA9 \xE2\x80\x93 \xF0\x9F\x8C\xB3"), "&#233; &#8211; &#127795;");
  EXPECT_EQ(EscapeHtml("a\x01z\x7F\n"), "az\n");
}

TEST(EscapeHtml, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(EscapeHtml("\xFF"), "&#65533;");
  EXPECT_EQ(EscapeHtml("\xC3"), "&#65533;");          // cut short
  EXPECT_EQ(EscapeHtml("\xC3<"), "&#65533;&lt;");     // the next character is kept
  EXPECT_EQ(EscapeHtml("\xE0\x80\xBC"), "&#65533;");  // '<' in too many bytes
  EXPECT_EQ(EscapeHtml("\xED\xA0\x80"), "&#65533;");  // half a surrogate pair
}

TEST(InlineSvg, PrefixesIdsAndReferencesAndDropsTheProlog) {
  EXPECT_EQ(InlineSvg("<?xml version=\"1.0\"?>\n<svg viewBox=\"0 0 1 1\"><path id='p'/>"
                      "<use xlink:href='#p' id=\"q\" fill='url(#p)'/></svg>",
                      "g3", "A & B", "C < D"),
            "<svg role=\"img\" aria-labelledby=\"g3-title\" aria-describedby=\"g3-desc\" "
            "viewBox=\"0 0 1 1\">\n<title id=\"g3-title\">A &amp; B</title>"
            "<desc id=\"g3-desc\">C &lt; D</desc><path id='g3-p'/>"
            "<use xlink:href='#g3-p' id=\"g3-q\" fill='url(#g3-p)'/></svg>");
}

TEST(InlineSvg, TitleAndDescriptionTakeThePlaceOfItsOwn) {
  EXPECT_EQ(InlineSvg("<svg\n>\n<title>figure3</title>\n<desc>Produced by a program</desc>\n\n"
                      "<g><text>title</text></g></svg>",
                      "f", "What it shows", ""),
            "<svg role=\"img\" aria-labelledby=\"f-title\" aria-describedby=\"f-desc\"\n>"
            "\n<title id=\"f-title\">What it shows</title><desc id=\"f-desc\"></desc>\n"
            "<g><text>title</text></g></svg>");
  EXPECT_EQ(InlineSvg("no drawing", "f", "a", "b"), "");
}

}  // namespace
}  // namespace grove
