using System.Text.RegularExpressions;
using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

/// <summary>The elements of which the suites have few or no files, with attributes and texts changed, elements doubled and left out.</summary>
public sealed partial class DamagedTableModelsTests
{
    private const string Fields = """
        <DataField name="g" optype="categorical" dataType="string"/><DataField name="t" optype="continuous" dataType="double"/><DataField name="i" optype="categorical" dataType="string"/>
        <DataField name="y" optype="continuous" dataType="double"/>
        """;

    private const string Grouped = """<MiningSchema><MiningField name="g" usageType="group"/><MiningField name="t" usageType="order"/><MiningField name="i"/></MiningSchema>""";

    private const string Series = """<MiningSchema><MiningField name="y" usageType="target"/><MiningField name="t" usageType="supplementary"/></MiningSchema>""";

    [Theory]
    [InlineData($"""
        <AssociationModel functionName="associationRules">{Grouped}<Output><OutputField name="o" feature="ruleValue" ruleFeature="rule" isMultiValued="1" rank="0" rankBasis="lift" rankOrder="ascending"/>
        <OutputField name="p" feature="confidence" dataType="double" rank="1"/></Output><Item id="1" value="a"/><Item id="2" value="b" field="i" category="b"/>
        <Itemset id="1" support="0.5"><ItemRef itemRef="1"/></Itemset><Itemset id="2" support="0.5"><ItemRef itemRef="1"/><ItemRef itemRef="2"/></Itemset>
        <AssociationRule id="r" antecedent="1" consequent="2" support="0.5" confidence="0.5" lift="1"/></AssociationModel>
        """)]
    [InlineData($"""
        <SequenceModel functionName="sequences">{Grouped}<Constraints minimumItemsetSeparationTime="1" maximumTotalSequenceTime="9"/><Item id="1" value="a"/><Itemset id="1"><ItemRef itemRef="1"/></Itemset>
        <SetPredicate id="2" field="i" operator="supersetOf"><Array n="2" type="string">a b</Array></SetPredicate>
        <Sequence id="1"><SetReference setId="1"/><Delimiter delimiter="acrossTimeWindows" gap="false"/><SetReference setId="2"/></Sequence><Sequence id="2"><SetReference setId="1"/></Sequence>
        <SequenceRule id="r" numberOfSets="2" occurrence="1" support="0.5" confidence="0.5"><AntecedentSequence><SequenceReference seqId="1"/></AntecedentSequence>
        <Delimiter delimiter="sameTimeWindow" gap="true"/><ConsequentSequence><SequenceReference seqId="2"/></ConsequentSequence></SequenceRule></SequenceModel>
        """)]
    [InlineData($"""
        <TimeSeriesModel functionName="timeSeries" bestFit="ARIMA">{Series}<Output><OutputField name="o" feature="confidenceIntervalLower" value="80"/></Output>
        <TimeSeries usage="original"><TimeValue index="1" value="3"/><TimeValue index="2" value="4"/><TimeValue index="3" value="6"/><TimeValue index="4" value="5"/></TimeSeries>
        <ARIMA RMSE="2" transformation="logarithmic" constantTerm="1" predictionMethod="conditionalLeastSquares"><NonseasonalComponent p="1" d="1" q="1"><AR><Array n="1" type="real">0.5</Array></AR>
        <MA><MACoefficients><Array n="1" type="real">0.5</Array></MACoefficients><Residuals><Array n="1" type="real">0.5</Array></Residuals></MA></NonseasonalComponent>
        <SeasonalComponent P="0" D="1" Q="0" period="2"/></ARIMA></TimeSeriesModel>
        """)]
    [InlineData($"""
        <TimeSeriesModel functionName="timeSeries" bestFit="ARIMA">{Series}<Output><OutputField name="o" feature="standardError"/></Output>
        <TimeSeries usage="original"><TimeValue index="1" value="3"/><TimeValue index="2" value="4"/><TimeValue index="3" value="6"/><TimeValue index="4" value="5"/></TimeSeries>
        <ARIMA RMSE="2" constantTerm="1" predictionMethod="exactLeastSquares"><NonseasonalComponent p="1" d="0" q="1"><AR><Array n="1" type="real">0.5</Array></AR>
        <MA><MACoefficients><Array n="1" type="real">0.5</Array></MACoefficients></MA></NonseasonalComponent><SeasonalComponent P="0" D="0" Q="0" period="2"/>
        <OutlierEffect type="transient" startTime="2" magnitude="3" dampingCoefficient="0.5"/><OutlierEffect type="innovational" startTime="1" magnitude="3"/></ARIMA></TimeSeriesModel>
        """)]
    [InlineData($"""
        <TimeSeriesModel functionName="timeSeries" bestFit="GARCH">{Series}<Output><OutputField name="o" feature="standardError"/></Output>
        <TimeSeries usage="original"><TimeValue index="1" value="3"/><TimeValue index="2" value="4"/><TimeValue index="3" value="6"/></TimeSeries>
        <GARCH><ARMAPart constant="1" p="1" q="1"><AR><Array n="1" type="real">0.5</Array></AR><MA><MACoefficients><Array n="1" type="real">0.5</Array></MACoefficients></MA></ARMAPart>
        <GARCHPart constant="1" gp="1" gq="1"><ResidualSquareCoefficients><Residuals><Array n="1" type="real">0.5</Array></Residuals><MACoefficients><Array n="1" type="real">0.5</Array></MACoefficients></ResidualSquareCoefficients>
        <VarianceCoefficients><PastVariances><Array n="1" type="real">0.5</Array></PastVariances><MACoefficients><Array n="1" type="real">0.5</Array></MACoefficients></VarianceCoefficients></GARCHPart></GARCH></TimeSeriesModel>
        """)]
    [InlineData($"""
        <TimeSeriesModel functionName="timeSeries" bestFit="ExponentialSmoothing">{Series}<ExponentialSmoothing transformation="squareroot"><Level alpha="1" smoothedValue="5"/>
        <Trend_ExpoSmooth trend="damped_multiplicative" phi="0.9" smoothedValue="1.1"/><Seasonality_ExpoSmooth type="additive" period="2" phase="1"><Array n="2" type="real">1 2</Array></Seasonality_ExpoSmooth>
        </ExponentialSmoothing></TimeSeriesModel>
        """)]
    [InlineData($"""
        <TimeSeriesModel functionName="timeSeries" bestFit="StateSpaceModel">{Series}<Output><OutputField name="o" feature="standardError"/></Output><StateSpaceModel variance="2" intercept="1">
        <StateVector><Array type="real">3 1</Array></StateVector><TransitionMatrix><Matrix nbRows="2" nbCols="2"><Array type="real">0.5 1</Array><Array type="real">0.1 0</Array></Matrix></TransitionMatrix>
        <MeasurementMatrix><Matrix nbRows="1" nbCols="2"><Array type="real">1 0</Array></Matrix></MeasurementMatrix><InterceptVector type="state"><Array type="real">1 2</Array></InterceptVector>
        <PredictedStateCovarianceMatrix><Matrix nbRows="2" nbCols="2"><Array type="real">1 0</Array><Array type="real">0 1</Array></Matrix></PredictedStateCovarianceMatrix>
        <SelectedStateCovarianceMatrix><Matrix nbRows="2" nbCols="2"><Array type="real">1 0</Array><Array type="real">0 1</Array></Matrix></SelectedStateCovarianceMatrix></StateSpaceModel></TimeSeriesModel>
        """)]
    [InlineData("""
        <TextModel functionName="clustering" numberOfTerms="2" numberOfDocuments="2"><MiningSchema><MiningField name="i"/></MiningSchema><Output><OutputField name="o" feature="entityId" rank="2" dataType="string"/></Output>
        <TextDictionary><Array n="2" type="string">a "b c"</Array></TextDictionary><TextCorpus><TextDocument id="1"/><TextDocument id="2"/></TextCorpus>
        <DocumentTermMatrix><Matrix nbRows="2" nbCols="2"><Array type="real">1 0</Array><Array type="real">0 1</Array></Matrix></DocumentTermMatrix>
        <TextModelNormalization localTermWeights="logarithmic" globalTermWeights="GFIDF" documentNormalization="cosine"/><TextModelSimiliarity similarityType="cosine"/></TextModel>
        """)]
    public void Damage_is_a_clear_error_or_another_model(string element)
    {
        var random = new Random(29);
        var document = PmmlTest.Document(Fields, element);
        Assert.Null(Fault(document));
        for (var i = 0; i < 400; i++) Fault(Damage(Damage(document, random), random));
    }

    /// <summary>Opens and asks; every other exception than the engine's own fails the test.</summary>
    private static string? Fault(string document)
    {
        try
        {
            using var model = PmmlTest.Open(document);
            model.Answer(("g", ["u", "v", "u"]), ("t", ["3", "1", "2"]), ("i", ["a", "b c", "b"]));
            return null;
        }
        catch (SlipwayException e)
        {
            return e.Message;
        }
    }

    private static string Damage(string document, Random random)
    {
        var places = random.Next(3) switch
        {
            0 => Attributes().Matches(document),
            1 => Texts().Matches(document),
            _ => Elements().Matches(document),
        };
        var place = places[random.Next(places.Count)];
        string[] values = ["", "0", "-1", "1", "2", "1e308", "-1e308", "NaN", "INF", "1000000000", "2147483647", "0.5", "1 2 3", "a", "i", "t", "zeal", "true", "\u00e9\u00e9"];
        var replacement = place.Value[0] switch
        {
            '<' when random.Next(2) == 0 => "",
            '<' => place.Value + place.Value,
            '>' => $">{values[random.Next(values.Length)]}<",
            _ => $"\"{values[random.Next(values.Length)]}\"",
        };
        return string.Concat(document.AsSpan(0, place.Index), replacement, document.AsSpan(place.Index + place.Length));
    }

    [GeneratedRegex("\"[^\"<>]*\"")]
    private static partial Regex Attributes();

    [GeneratedRegex(">[^<>]+<")]
    private static partial Regex Texts();

    [GeneratedRegex("<[A-Za-z_]+[^<>]*/>")]
    private static partial Regex Elements();
}
