using System.Diagnostics;
using System.Text;
using Slipway.Core;
using Slipway.Models.Formats.Pmml;

namespace Slipway.Tests.Models.Pmml.Reading;

public sealed class XmlElementReaderTests
{
    private static string Model(string category) => $"""
        <PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4">
        <DataDictionary><DataField name="größe" optype="categorical" dataType="string"/><DataField name="y" optype="continuous" dataType="double"/></DataDictionary>
        <RegressionModel functionName="regression"><MiningSchema><MiningField name="größe"/><MiningField name="y" usageType="target"/></MiningSchema>
        <RegressionTable intercept="1"><CategoricalPredictor name="größe" value="{category}" coefficient="4"/></RegressionTable></RegressionModel></PMML>
        """;

    private static string Fault(byte[] document) => Assert.Throws<ModelException>(() => PmmlRuntime.Open(new MemoryStream(document))).Message;

    private static string Fault(string document) => Fault(Encoding.UTF8.GetBytes(document));

    [Theory]
    [InlineData("utf-8", "ÄÖ€")]
    [InlineData("iso-8859-1", "ÄÖ")]
    [InlineData("windows-1252", "ÄÖ€")]
    [InlineData("windows-1251", "größe")]
    [InlineData("utf-16", "ÄÖ€東")]
    [InlineData("utf-16BE", "ÄÖ€東")]
    [InlineData("utf-32", "ÄÖ€東")]
    [InlineData("shift_jis", "東京")]
    [InlineData("gb18030", "ÄÖ€東")]
    public void Files_in_the_encoding_that_they_declare_are_read(string name, string category)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var encoding = Encoding.GetEncoding(name);
        var field = encoding.GetString(encoding.GetBytes("größe")) == "größe" ? "größe" : "field";
        category = encoding.GetString(encoding.GetBytes(category)) == category ? category : "value";
        var text = $"<?xml version=\"1.0\" encoding=\"{name}\"?>\n" + Model(category).Replace("größe", field, StringComparison.Ordinal);
        byte[] document = [.. encoding.GetPreamble(), .. encoding.GetBytes(text)];
        using var model = PmmlRuntime.Open(new MemoryStream(document));
        Assert.Equal(field, model.Signature.Inputs[0].Name);
        var scorer = model.CreateScorer();
        scorer.Set(0, category);
        scorer.Score();
        Assert.Equal("5.0", scorer.Text(0));
    }

    [Theory]
    [InlineData("utf-7")]
    [InlineData("no-such-encoding")]
    [InlineData("")]
    public void An_encoding_that_does_not_exist_is_a_fault(string encoding) =>
        Assert.Contains("not well-formed XML", Fault($"<?xml version=\"1.0\" encoding=\"{encoding}\"?>" + Model("a")), StringComparison.Ordinal);

    [Fact]
    public void A_stream_without_a_position_is_read()
    {
        using var model = PmmlRuntime.Open(new OneByteStream(Encoding.UTF8.GetBytes(Model("a"))));
        Assert.Single(model.Signature.Outputs);
    }

    [Theory]
    [InlineData("<!DOCTYPE PMML><PMML/>")]
    [InlineData("<!DOCTYPE PMML SYSTEM 'http://example.invalid/pmml.dtd'><PMML/>")]
    [InlineData("<!DOCTYPE PMML [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><PMML version='&x;'/>")]
    [InlineData("<!DOCTYPE p [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><PMML>&c;</PMML>")]
    public void Document_types_are_refused(string document) => Assert.Contains("(DOCTYPE) is refused: remove it", Fault(document), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("no XML")]
    [InlineData("<PMML>&undefined;</PMML>")]
    [InlineData("<PMML>&#0;</PMML>")]
    [InlineData("<PMML>\0</PMML>")]
    [InlineData("\0\0\0\0")]
    [InlineData("<PMML version='4.4' version='4.3'/>")]
    [InlineData("<PMML><DataDictionary></PMML>")]
    [InlineData("<PMML/><PMML/>")]
    [InlineData("<p:PMML/>")]
    [InlineData("<?xml version='2.0'?><PMML/>")]
    [InlineData("<Other/>")]
    [InlineData("<PMML/>")]
    [InlineData("<!-- only a comment -->")]
    public void What_is_no_PMML_is_a_fault(string document) => Assert.NotEmpty(Fault(document));

    [Fact]
    public void A_document_that_ends_anywhere_is_a_fault()
    {
        var document = Encoding.UTF8.GetBytes(Model("ä"));
        for (var length = 0; length < document.Length - 1; length++)
        {
            if (Encoding.UTF8.GetString(document, 0, length).TrimEnd().EndsWith("</PMML>", StringComparison.Ordinal)) continue;
            Assert.NotEmpty(Fault(document[..length]));
        }
    }

    [Fact]
    public void Elements_nest_a_thousand_deep_and_not_deeper()
    {
        var shallow = $"<PMML><DataDictionary>{Repeat("<Extension>", 900)}{Repeat("</Extension>", 900)}</DataDictionary></PMML>";
        Assert.Contains("it has no model", Fault(shallow), StringComparison.Ordinal);
        var deep = $"<PMML><DataDictionary>{Repeat("<Extension>", 200_000)}";
        Assert.Contains("nested more than 1000 deep", Fault(deep), StringComparison.Ordinal);
        var expressions = $"<PMML><TransformationDictionary><DerivedField name='d'>{Repeat("<Apply function='abs'>", 200_000)}";
        Assert.Contains("nested more than 1000 deep", Fault(expressions), StringComparison.Ordinal);
    }

    [Fact]
    public void A_gigantic_attribute_costs_its_length()
    {
        var clock = Stopwatch.StartNew();
        var fault = Fault($"<PMML><DataDictionary><DataField name='a' dataType='{new string('x', 20_000_000)}'/></DataDictionary></PMML>");
        Assert.Contains("is unknown", fault, StringComparison.Ordinal);
        Assert.InRange(fault.Length, 100, 2000);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), "a hang");
    }

    private static string Repeat(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();

    private sealed class OneByteStream(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1)]);
    }
}
