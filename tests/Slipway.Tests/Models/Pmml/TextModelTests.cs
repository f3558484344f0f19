using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

/// <summary>Expected affinities are from a numpy program that follows the standard's formulas.</summary>
public sealed class TextModelTests
{
    private const string Corpus = """
        <TextDictionary><Array n="4" type="string">apple bread "ice cream" tea</Array></TextDictionary>
        <TextCorpus><TextDocument id="d1"/><TextDocument id="d2"/><TextDocument id="d3"/><TextDocument id="d4"/></TextCorpus>
        <DocumentTermMatrix><Matrix nbRows="4" nbCols="4"><Array type="real">2 0 1 0</Array><Array type="real">0 3 1 0</Array><Array type="real">1 1 0 0</Array><Array type="real">0 0 4 1</Array></Matrix></DocumentTermMatrix>
        """;

    private const string Output = """
        <Output><OutputField name="second" feature="entityId" rank="2" dataType="string"/><OutputField name="second affinity" feature="affinity" rank="2" dataType="double"/>
        <OutputField name="d1" feature="affinity" value="d1" dataType="double"/><OutputField name="d2" feature="affinity" value="d2" dataType="double"/>
        <OutputField name="d3" feature="affinity" value="d3" dataType="double"/><OutputField name="d4" feature="affinity" value="d4" dataType="double"/></Output>
        """;

    private static readonly (string, object?)[] Counts = [("apple", 1), ("bread", 0), ("ice cream", 2)];

    [Theory]
    [InlineData("termFrequency", "none", "none", "euclidean", "d1", new[] { 1.4142135623730951, 3.3166247903554, 2.23606797749979, 2.449489742783178 })]
    [InlineData("termFrequency", "inverseDocumentFrequency", "none", "euclidean", "d1", new[] { 0.7504758415354574, 2.2107218536017066, 0.9008312345599525, 1.6532722004653722 })]
    [InlineData("termFrequency", "inverseDocumentFrequency", "none", "cosine", "d1", new[] { 0.8831796447837436, 0.08752832331236797, 0.5440853435479477, 0.40794227787262344 })]
    [InlineData("termFrequency", "inverseDocumentFrequency", "cosine", "cosine", "d1", new[] { 0.8831796447837438, 0.087528323312368, 0.5440853435479478, 0.40794227787262355 })]
    [InlineData("termFrequency", "GFIDF", "none", "euclidean", "d1", new[] { 2.5, 6.5, 4.47213595499958, 4.387482193696061 })]
    [InlineData("termFrequency", "normal", "none", "euclidean", "d1", new[] { 0.5055250296034367, 1.0749676997731399, 0.5676462121975467, 1.1925695879998879 })]
    [InlineData("termFrequency", "probabilisticInverse", "none", "euclidean", "d1", new[] { 1.0986122886681098, 1.0986122886681098, 2.1972245773362196, 2.4565717583785154 })]
    [InlineData("binary", "inverseDocumentFrequency", "none", "cosine", "d1", new[] { 1.0, 0.14694410378018613, 0.6530910718344778, 0.07788932485528882 })]
    [InlineData("binary", "inverseDocumentFrequency", "cosine", "cosine", "d1", new[] { 1.0, 0.1469441037801861, 0.6530910718344778, 0.07788932485528882 })]
    [InlineData("logarithmic", "none", "cosine", "cosine", "d1", new[] { 0.9025709603549594, 0.3782249497855069, 0.37731249435895586, 0.7767614064950954 })]
    [InlineData("logarithmic", "inverseDocumentFrequency", "none", "cosine", "d1", new[] { 0.9474131746505208, 0.11166746710505389, 0.5907496611313497, 0.23855857128035998 })]
    [InlineData("logarithmic", "inverseDocumentFrequency", "cosine", "cosine", "d1", new[] { 0.9474131746505208, 0.11166746710505389, 0.5907496611313499, 0.23855857128035995 })]
    [InlineData("logarithmic", "GFIDF", "cosine", "cosine", "d1", new[] { 0.9092017022946799, 0.40423996263514256, 0.2566361133896193, 0.883652454658119 })]
    [InlineData("logarithmic", "normal", "cosine", "cosine", "d1", new[] { 0.9305443224640976, 0.22388068242572032, 0.6266285493549688, 0.3077830296743169 })]
    [InlineData("logarithmic", "probabilisticInverse", "cosine", "cosine", "d1", new[] { 1.0, 1.0, double.NaN, 0.9184435390665683 })]
    [InlineData("augmentedNormalizedTermFrequency", "inverseDocumentFrequency", "none", "cosine", "d1", new[] { 0.9793317217041854, 0.12911985691024258, 0.6186922241891462, 0.15257516653767084 })]
    [InlineData("augmentedNormalizedTermFrequency", "inverseDocumentFrequency", "cosine", "cosine", "d1", new[] { 0.9793317217041855, 0.12911985691024255, 0.6186922241891462, 0.15257516653767084 })]
    public void Document_is_compared_by_its_weighted_terms(string local, string global, string normalization, string similarity, string best, double[] affinities)
    {
        using var model = OfCounts($"<TextModelNormalization localTermWeights='{local}' globalTermWeights='{global}' documentNormalization='{normalization}'/><TextModelSimiliarity similarityType='{similarity}'/>");
        var answer = model.Score(Counts);
        Assert.Equal(best, answer["_target"]);
        for (var i = 0; i < affinities.Length; i++)
        {
            if (double.IsNaN(affinities[i])) Assert.Null(answer[$"d{i + 1}"]);
            else Assert.Equal(affinities[i], (double)answer[$"d{i + 1}"]!, 1e-12);
        }
        var ranked = affinities.Select((a, i) => (Affinity: a, Id: $"d{i + 1}")).Where(a => !double.IsNaN(a.Affinity));
        var second = (similarity == "euclidean" ? ranked.OrderBy(a => a.Affinity) : ranked.OrderByDescending(a => a.Affinity)).ElementAt(1);
        Assert.Equal(second.Affinity, (double)answer["second affinity"]!, 1e-12);
    }

    [Fact]
    public void Text_is_counted_by_words_whatever_their_case_and_what_is_between_them()
    {
        using var counted = OfCounts("");
        using var read = new PmmlTest("document:string", $"<TextModel functionName='clustering' numberOfTerms='4' numberOfDocuments='4'><MiningSchema/>{Output}{Corpus}</TextModel>");
        var expected = counted.Score(("apple", 1), ("ice cream", 2), ("tea", 1));
        Assert.Equal("d4", expected["_target"]);
        Assert.Equal(expected, read.Score(("document", "An APPLE; Ice-Cream, ice, tea (ice\ncream) apples creamed ice")));
        Assert.All(read.Score().Values, Assert.Null);
        Assert.All(read.Score(("document", "nothing of that")).Values, Assert.Null);
    }

    [Fact]
    public void Counts_that_are_missing_are_0_and_a_row_without_any_has_no_answer()
    {
        using var model = OfCounts("");
        Assert.Equal(model.Score(Counts)["_target"], model.Score(("apple", 1), ("ice cream", 2))["_target"]);
        Assert.All(model.Score().Values, Assert.Null);
    }

    [Theory]
    [InlineData("<TextDictionary><Array type='string'>a</Array></TextDictionary>", "TextCorpus")]
    [InlineData("<TextDictionary><Array type='string'>a</Array></TextDictionary><TextCorpus><TextDocument id='1'/></TextCorpus>", "no DocumentTermMatrix")]
    [InlineData("<TextDictionary><Array type='string'>a b</Array></TextDictionary><TextCorpus><TextDocument id='1'/></TextCorpus><DocumentTermMatrix><Matrix><Array type='real'>1</Array></Matrix></DocumentTermMatrix>", "1 × 1, but there are 1 documents and 2 terms")]
    [InlineData("<TextDictionary><Array type='string'>a</Array></TextDictionary><TextCorpus><TextDocument id='1'/></TextCorpus><DocumentTermMatrix><Matrix><Array type='real'>1</Array></Matrix></DocumentTermMatrix>", "the term 'a' is no numeric field")]
    public void Incomplete_model_is_refused_with_what_is_absent(string content, string expected) =>
        Assert.Contains(expected, Assert.Throws<ModelException>(() => new PmmlTest("x", $"<TextModel functionName='clustering'><MiningSchema/>{content}</TextModel>").Dispose()).Message, StringComparison.Ordinal);

    private static PmmlTest OfCounts(string content)
    {
        const string fields = """<DataField name="apple" optype="continuous" dataType="integer"/><DataField name="bread" optype="continuous" dataType="integer"/><DataField name="ice cream" optype="continuous" dataType="integer"/><DataField name="tea" optype="continuous" dataType="double"/>""";
        const string schema = """<MiningSchema><MiningField name="apple"/><MiningField name="bread"/><MiningField name="ice cream"/><MiningField name="tea"/></MiningSchema>""";
        return new PmmlTest(fields, $"<TextModel functionName='clustering' numberOfTerms='4' numberOfDocuments='4'>{schema}{Output}{Corpus}{content}</TextModel>");
    }
}
