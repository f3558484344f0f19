namespace Slipway.EndToEnd.CommandLine;

/// <summary>What a person does with a PMML file: look at it, score rows, check its own rows, push it.</summary>
public sealed class PmmlTests : IDisposable
{
    private const string Risk = """
        <PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header><Application name="R"/></Header><DataDictionary>
        <DataField name="risk" optype="continuous" dataType="double"/>
        <DataField name="age" optype="continuous" dataType="double"><Interval closure="closedClosed" leftMargin="18" rightMargin="99"/></DataField>
        <DataField name="job" optype="categorical" dataType="string"><Value value="clerk"/><Value value="pilot"/></DataField></DataDictionary>
        <RegressionModel functionName="regression"><MiningSchema><MiningField name="risk" usageType="target"/><MiningField name="age"/>
        <MiningField name="job" invalidValueTreatment="asMissing" missingValueReplacement="clerk"/></MiningSchema>
        <Output><OutputField name="score" feature="predictedValue"/>
        <OutputField name="high" optype="categorical" dataType="boolean" feature="transformedValue"><Apply function="greaterThan"><FieldRef field="score"/><Constant>3</Constant></Apply></OutputField></Output>
        <ModelVerification recordCount="1"><VerificationFields><VerificationField field="age"/><VerificationField field="job"/><VerificationField field="risk" precision="1E-9"/></VerificationFields>
        <InlineTable><row><age>40</age><job>pilot</job><risk>3.5</risk></row></InlineTable></ModelVerification>
        <RegressionTable intercept="1"><NumericPredictor name="age" coefficient="0.05"/><CategoricalPredictor name="job" value="pilot" coefficient="0.5"/></RegressionTable></RegressionModel></PMML>
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly Cli _cli;

    public PmmlTests()
    {
        _cli = new Cli(_folder.Path);
        _folder.Write("risk.pmml", Risk);
    }

    [Fact]
    public async Task Inspect_shows_fields_their_treatment_and_the_rows_in_the_file()
    {
        var said = await _cli.OkAsync("inspect", "risk.pmml");
        Assert.Matches(@"runtime\s+pmml", said);
        Assert.Matches(@"model\s+RegressionModel, regression", said);
        Assert.Matches(@"recorded rows\s+1", said);
        Assert.Matches(@"input age\s+double; in \[18, 99\]; invalid values are refused", said);
        Assert.Matches(@"input job\s+string; one of clerk, pilot; invalid values are missing; missing values become clerk", said);
    }

    [Fact]
    public async Task Inspect_names_the_place_of_what_cannot_run()
    {
        _folder.Write("other.pmml", Risk.Replace("RegressionModel", "QuantumModel", StringComparison.Ordinal));
        var ended = (await _cli.RunAsync("inspect", "other.pmml")).Exits(1);
        Assert.Contains("other.pmml: line 5, column 2: QuantumModel: this element is not supported", ended.Output);
    }

    [Fact]
    public async Task Score_treats_values_as_the_file_says_and_writes_missing_results_as_such()
    {
        _folder.Write("rows.csv", "age,job\n40,pilot\n40,astronaut\nNA,pilot\n");
        await _cli.OkAsync("score", "--model", "risk.pmml", "--input", "rows.csv", "--output", "answers.csv", "--missing", "N/A,NA");
        Assert.Equal(["risk,score,high", "3.5,3.5,true", "3,3,false", "N/A,N/A,N/A"], await File.ReadAllLinesAsync(_folder["answers.csv"]));

        _folder.Write("bad.csv", "age,job\n40,pilot\n7,pilot\n");
        var ended = (await _cli.RunAsync("score", "--model", "risk.pmml", "--input", "bad.csv", "--output", "bad-answers.csv")).Exits(1);
        Assert.Contains("bad.csv line 3: field 'age': '7' is not a value that the model allows; it allows [18, 99]", ended.Error);
        Assert.False(File.Exists(_folder["bad-answers.csv"]));
    }

    [Fact]
    public async Task Score_can_skip_what_the_model_refuses()
    {
        _folder.Write("rows.csv", "age,job\n40,pilot\n7,pilot\nold,clerk\n40,clerk,3\n40,clerk\n" + string.Concat(Enumerable.Repeat("1,clerk\n", 20)));
        var ended = (await _cli.RunAsync("score", "--model", "risk.pmml", "--input", "rows.csv", "--output", "answers.csv", "--on-error", "skip", "--columns", "job")).Exits(3);
        var lines = await File.ReadAllLinesAsync(_folder["answers.csv"]);
        Assert.Equal(["job,risk,score,high", "pilot,3.5,3.5,true", "pilot,N/A,N/A,N/A", "clerk,N/A,N/A,N/A", "N/A,N/A,N/A,N/A", "clerk,3,3,false", "clerk,N/A,N/A,N/A"], lines.Take(7));
        Assert.Equal(26, lines.Length);
        var said = ended.Error.Split('\n');
        Assert.Equal("rows.csv line 3: field 'age': '7' is not a value that the model allows; it allows [18, 99]", said[0]);
        Assert.Equal("rows.csv line 4: field 'age': 'old' is not of type double", said[1]);
        Assert.StartsWith("rows.csv line 5: ", said[2], StringComparison.Ordinal);
        Assert.Equal(["and 13 more", "23 of 25 rows were refused; their results are N/A", ""], said[10..]);
        Assert.Equal("2 rows scored into answers.csv\n", ended.Output);

        Assert.EndsWith("3 rows scored into answers.csv\n", await ScoreGoodRowsAsync());
        (await _cli.RunAsync("score", "--model", "risk.pmml", "--input", "rows.csv", "--output", "answers.csv", "--on-error", "ignore")).Exits(2);
        (await _cli.RunAsync("score", "--model", "risk.pmml", "--input", "rows.csv", "--output", _folder.Path)).Exits(2);
        Assert.Contains("--on-error", await _cli.OkAsync("score", "--help"));

        Task<string> ScoreGoodRowsAsync()
        {
            _folder.Write("good.csv", "age,job\n40,pilot\n41,pilot\n42,pilot\n");
            return _cli.OkAsync("score", "--model", "risk.pmml", "--input", "good.csv", "--output", "answers.csv", "--on-error", "skip");
        }
    }

    [Fact]
    public async Task Score_says_which_columns_are_absent()
    {
        _folder.Write("rows.csv", "age,jbo\n40,pilot\n");
        var ended = await _cli.RunAsync("score", "--model", "risk.pmml", "--input", "rows.csv", "--output", "answers.csv");
        Assert.Contains("rows.csv has no column 'job': scored as missing", ended.Exits(0).Error);
        Assert.Equal(["risk,score,high", "3,3,false"], await File.ReadAllLinesAsync(_folder["answers.csv"]));
    }

    [Fact]
    public async Task Push_and_verify_replay_the_rows_in_the_file()
    {
        Assert.EndsWith("1 passed, 0 failed, 0 skipped\n", await _cli.OkAsync("verify", "risk.pmml"));
        _folder.Write("answers-expected.csv", "risk,high\n3.5,true\n");
        _folder.Write("rows.csv", "age,job\n40,pilot\n");
        Assert.EndsWith("1 passed, 0 failed, 0 skipped\n", await _cli.OkAsync("verify", "risk.pmml", "--input", "rows.csv", "--expected", "answers-expected.csv"));
        await _cli.OkAsync("push", "risk", "risk.pmml", "--alias", "champion");

        _folder.Write("wrong.pmml", Risk.Replace("<risk>3.5</risk>", "<risk>3.6</risk>", StringComparison.Ordinal));
        Assert.Contains("expected 3.6, found 3.5", (await _cli.RunAsync("verify", "wrong.pmml")).Exits(1).Output);
        (await _cli.RunAsync("push", "risk", "wrong.pmml", "--alias", "champion")).Exits(1);
        await _cli.OkAsync("score", "--model", "risk@champion", "--input", "rows.csv", "--output", "answers.csv");
        Assert.Equal("3.5,3.5,true", (await File.ReadAllLinesAsync(_folder["answers.csv"]))[1]);
    }

    public void Dispose() => _folder.Dispose();
}
