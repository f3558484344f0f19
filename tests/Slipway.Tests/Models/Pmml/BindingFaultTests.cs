using System.Diagnostics;
using Slipway.Core;
using Slipway.Models.Formats.Pmml;

namespace Slipway.Tests.Models.Pmml;

/// <summary>What is wrong in a file is said before the first row, with the element, its line and its column.</summary>
public sealed class BindingFaultTests
{
    private const string X = "<DataField name='x' optype='continuous' dataType='double'/>";
    private const string Model = "<RegressionModel functionName='regression'><MiningSchema><MiningField name='x'/></MiningSchema><RegressionTable intercept='0'><NumericPredictor name='x' coefficient='1'/></RegressionTable></RegressionModel>";

    [Theory]
    [InlineData(X + "\n  " + X, "", Model, 3, "DataField: the field 'x' is declared twice")]
    [InlineData("\n\n<DataField name='x' optype='continuous' dataType='number'/>", "", Model, 4, "DataField: dataType=\"number\" is unknown")]
    [InlineData("<DataField name='x' optype='continuous' dataType='dateDaysSince[10000]'/>", "", Model, 2, "DataField: dataType=\"dateDaysSince[10000]\" is unknown")]
    [InlineData("<DataField name='x' optype='number' dataType='double'/>", "", Model, 2, "DataField: optype=\"number\" is unknown; it may be categorical, ordinal, continuous")]
    [InlineData("<DataField optype='continuous' dataType='double'/>", "", Model, 2, "DataField: the attribute 'name' is absent")]
    [InlineData("<DataField name='x' optype='continuous' dataType='double'>\n<Value value='1' property='odd'/></DataField>", "", Model, 3, "Value: property=\"odd\" is unknown; it may be valid, invalid, missing")]
    [InlineData("<DataField name='x' optype='continuous' dataType='double'>\n<Interval closure='open'/></DataField>", "", Model, 3, "Interval: closure=\"open\" is unknown")]
    [InlineData("<DataField name='x' optype='continuous' dataType='double'>\n<Interval closure='openOpen' leftMargin='low'/></DataField>", "", Model, 3, "Interval: leftMargin=\"low\" is not a number")]
    [InlineData(X, "", "<RegressionModel functionName='regression'><MiningSchema><MiningField name='x'/>\n<MiningField name='x'/></MiningSchema><RegressionTable intercept='0'/></RegressionModel>", 4, "MiningField: the field 'x' is listed twice")]
    [InlineData(X, "", "<RegressionModel functionName='regression'><MiningSchema/><RegressionTable intercept='0'>\n<NumericPredictor name='xs' coefficient='1'/></RegressionTable></RegressionModel>", 4, "NumericPredictor: the field 'xs' is not declared where it is used")]
    [InlineData(X, "", "<RegressionModel functionName='regression'><MiningSchema/>\n<LocalTransformations><DerivedField name='d'><FieldRef field='x'/></DerivedField>\n<DerivedField name='d'><FieldRef field='x'/></DerivedField></LocalTransformations><RegressionTable intercept='0'/></RegressionModel>", 5, "DerivedField: the field 'd' is declared twice")]
    [InlineData(X, "", "<RegressionModel functionName='guess'><MiningSchema/></RegressionModel>", 3, "RegressionModel: functionName=\"guess\" is unknown; it may be regression")]
    [InlineData(X, "", "<RegressionModel><MiningSchema/></RegressionModel>", 3, "RegressionModel: the attribute 'functionName' is absent")]
    [InlineData(X, "", "<RegressionModel functionName='regression' isScorable='false'><MiningSchema/><RegressionTable intercept='0'/></RegressionModel>", 3, "RegressionModel: isScorable=\"false\"")]
    [InlineData(X, "", "<RegressionModel functionName='regression' x-mathContext='half'><MiningSchema/><RegressionTable intercept='0'/></RegressionModel>", 3, "RegressionModel: x-mathContext=\"half\" is unknown; it may be float, double")]
    [InlineData(X, "", "<OracleModel functionName='regression'/>", 3, "OracleModel: this element is not supported")]
    [InlineData(X, "", "<MiningModel functionName='regression'><MiningSchema/></MiningModel>", 3, "MiningModel: it has no Segmentation")]
    [InlineData(X, "", "<MiningModel functionName='regression'><MiningSchema/>\n<Segmentation multipleModelMethod='sum'/></MiningModel>", 4, "Segmentation: it has no Segment")]
    [InlineData(X, "", "<MiningModel functionName='regression'><MiningSchema/><Segmentation multipleModelMethod='sum'>\n<Segment><True/></Segment></Segmentation></MiningModel>", 4, "Segment: it has no model")]
    [InlineData(X, "<DerivedField name='d' optype='continuous' dataType='double'/>", Model, 2, "DerivedField: it has no expression")]
    [InlineData(X, "<DerivedField name='x' optype='continuous' dataType='double'>\n<FieldRef field='q'/></DerivedField>", Model, 3, "FieldRef: the field 'q' is not declared where it is used")]
    [InlineData(X, "<DerivedField name='x' optype='continuous' dataType='double'><FieldRef field='e'/></DerivedField>\n<DerivedField name='e' optype='continuous' dataType='double'><FieldRef field='x'/></DerivedField>", Model, 2, "DerivedField: the field 'x' is derived from itself")]
    [InlineData(X, "<DerivedField name='d' optype='continuous' dataType='double'><FieldRef field='x'/></DerivedField>\n<DerivedField name='d' optype='continuous' dataType='double'><FieldRef field='x'/></DerivedField>", Model, 3, "DerivedField: the field 'd' is declared twice")]
    [InlineData(X, "<DefineFunction name='f' optype='continuous'><ParameterField name='p'/><Apply function='f'><FieldRef field='p'/></Apply></DefineFunction><DerivedField name='x' optype='continuous' dataType='double'><Apply function='f'><Constant>1</Constant></Apply></DerivedField>", Model, 2, "DefineFunction: the function 'f' calls itself")]
    [InlineData(X, "<DefineFunction name='f' optype='continuous'><ParameterField name='p'/><Apply function='g'><FieldRef field='p'/></Apply></DefineFunction>\n<DefineFunction name='g' optype='continuous'><ParameterField name='p'/><Apply function='f'><FieldRef field='p'/></Apply></DefineFunction><DerivedField name='x' optype='continuous' dataType='double'><Apply function='f'><Constant>1</Constant></Apply></DerivedField>", Model, 2, "DefineFunction: the function 'f' calls itself")]
    [InlineData(X, "<DefineFunction name='f' optype='continuous'><ParameterField name='p'/><FieldRef field='p'/></DefineFunction><DefineFunction name='f' optype='continuous'><ParameterField name='p'/><Constant>1</Constant></DefineFunction>", Model, 2, "DefineFunction: the function 'f' is defined twice")]
    [InlineData(X, "", "", 1, "PMML: it has no model")]
    [InlineData(X, "", "<RegressionModel functionName='regression'><MiningSchema/>\n<ModelVerification><VerificationFields><VerificationField field='x' precision='fine'/></VerificationFields></ModelVerification></RegressionModel>", 4, "VerificationField: precision=\"fine\" is not a number")]
    [InlineData(X, "", "<RegressionModel functionName='regression'><MiningSchema/>\n<ModelVerification><VerificationFields><VerificationField field='x' precision='-1'/></VerificationFields></ModelVerification></RegressionModel>", 4, "VerificationField: precision=\"-1\" is not a bound: 0 or more expected")]
    [InlineData(X, "", "<RegressionModel functionName='regression'><MiningSchema/>\n<ModelVerification><VerificationFields><VerificationField field='x' zeroThreshold='INF'/></VerificationFields></ModelVerification></RegressionModel>", 4, "VerificationField: zeroThreshold=\"INF\" is not a bound")]
    [InlineData(X, "", "<RegressionModel functionName='regression'><MiningSchema/>\n<Targets><Target castInteger='up'/></Targets></RegressionModel>", 4, "Target: castInteger=\"up\" is unknown; it may be round, ceiling, floor")]
    public void Fault_names_the_element_its_line_and_its_column(string data, string transformations, string model, int line, string problem)
    {
        var message = Assert.Throws<ModelException>(() => PmmlTest.Open(Document(data, transformations, model))).Message;
        Assert.Matches($"^line {line}, column [1-9][0-9]*: ", message);
        Assert.Contains(problem, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Functions_that_double_their_work_forty_times_are_refused_quickly()
    {
        var functions = "<DefineFunction name='f0' optype='continuous'><ParameterField name='p'/><Apply function='+'><FieldRef field='p'/><FieldRef field='p'/></Apply></DefineFunction>";
        for (var i = 1; i < 40; i++)
        {
            functions += $"<DefineFunction name='f{i}' optype='continuous'><ParameterField name='p'/><Apply function='+'><Apply function='f{i - 1}'><FieldRef field='p'/></Apply><Apply function='f{i - 1}'><FieldRef field='p'/></Apply></Apply></DefineFunction>";
        }
        var clock = Stopwatch.StartNew();
        var document = Document(X, functions + "<DerivedField name='x' optype='continuous' dataType='double'><Apply function='f39'><Constant>1</Constant></Apply></DerivedField>", Model);
        Assert.Contains("the functions call each other so often", Assert.Throws<ModelException>(() => PmmlTest.Open(document)).Message, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Fields_derived_from_one_another_twice_each_are_computed_once_each()
    {
        var fields = "<DerivedField name='d0' optype='continuous' dataType='double'><Apply function='+'><FieldRef field='x'/><FieldRef field='x'/></Apply></DerivedField>";
        for (var i = 1; i < 60; i++) fields += $"<DerivedField name='d{i}' optype='continuous' dataType='double'><Apply function='+'><FieldRef field='d{i - 1}'/><FieldRef field='d{i - 1}'/></Apply></DerivedField>";
        using var model = new PmmlTest("x *y", "<RegressionModel functionName='regression'><MiningSchema/><RegressionTable intercept='0'><NumericPredictor name='d59' coefficient='1'/></RegressionTable></RegressionModel>", fields);
        Assert.Equal(Math.Pow(2, 60), model.Score(("x", 1))["y"]);
    }

    [Theory]
    [InlineData("<OracleModel functionName='regression'/>", "OracleModel: this element is not supported")]
    [InlineData("<RegressionModel functionName='regression'><MiningSchema><MiningField name='x'/></MiningSchema><Output><OutputField name='o' feature='standardError'/></Output><RegressionTable intercept='0'/></RegressionModel>", "OutputField: the feature StandardError of this model is not supported")]
    [InlineData("<RegressionModel functionName='regression'><MiningSchema><MiningField name='x'/></MiningSchema><Output><OutputField name='o' feature='x-report'/></Output><RegressionTable intercept='0'/></RegressionModel>", "OutputField: the feature 'report', a vendor's trace of the arithmetic that the standard does not have, is not supported")]
    public void Description_lists_what_is_not_supported(string model, string problem)
    {
        using var file = new TemporaryFile(Document(X, "", model));
        var description = new PmmlRuntime().Describe(file.Path);
        Assert.Contains(problem, Assert.Single(description.Unsupported), StringComparison.Ordinal);
        Assert.Null(description.Signature);
        Assert.Contains(new("pmml version", "4.4"), description.Facts);
    }

    [Fact]
    public void Description_says_how_every_input_is_treated()
    {
        using var file = new TemporaryFile(Document(
            "<DataField name='x' optype='continuous' dataType='double'><Interval closure='closedOpen' leftMargin='0' rightMargin='10'/><Value value='-1' property='missing'/><Value value='N/A' property='missing'/></DataField><DataField name='c' optype='categorical' dataType='string'><Value value='a'/><Value value='b'/></DataField>",
            "", "<RegressionModel functionName='regression' modelName='m'><MiningSchema><MiningField name='x' missingValueReplacement='3' outliers='asExtremeValues' lowValue='1' highValue='8'/><MiningField name='c' invalidValueTreatment='asMissing'/></MiningSchema><RegressionTable intercept='0'/></RegressionModel>"));
        var description = new PmmlRuntime().Describe(file.Path);
        Assert.Empty(description.Unsupported);
        var facts = description.Facts.ToDictionary(f => f.Key, f => f.Value);
        Assert.Equal("RegressionModel, regression, m", facts["model"]);
        Assert.Equal("double; in [0, 10); missing when -1.0; missing when N/A; outside 1…8 cut; invalid values are refused; missing values become 3.0", facts["input x"]);
        Assert.Equal("string; one of a, b; invalid values are missing", facts["input c"]);
    }

    [Fact]
    public void Damaged_file_is_named_when_it_is_described_or_opened()
    {
        using var file = new TemporaryFile("<PMML version='4.4'><DataDictionary>");
        Assert.StartsWith(Path.GetFileName(file.Path), Assert.Throws<ModelException>(() => new PmmlRuntime().Describe(file.Path)).Message, StringComparison.Ordinal);
        Assert.StartsWith(Path.GetFileName(file.Path), Assert.Throws<ModelException>(() => PmmlRuntime.Open(file.Path)).Message, StringComparison.Ordinal);
        Assert.Throws<ModelException>(() => PmmlRuntime.Open(file.Path + ".absent"));
    }

    /// <summary>The data dictionary begins at line 2; every part is at a line of its own.</summary>
    private static string Document(string data, string transformations, string model) => transformations.Length == 0
        ? $"<PMML version='4.4' xmlns='http://www.dmg.org/PMML-4_4'>\n<DataDictionary>{data}</DataDictionary>\n{model}</PMML>"
        : $"<PMML version='4.4' xmlns='http://www.dmg.org/PMML-4_4'><DataDictionary>{data}</DataDictionary>\n<TransformationDictionary>{transformations}</TransformationDictionary>\n{model}</PMML>";

    private sealed class TemporaryFile : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-pmml-");

        public TemporaryFile(string content) => File.WriteAllText(Path, content);

        public string Path => System.IO.Path.Combine(_folder.FullName, "model.pmml");

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
