namespace Slipway.EndToEnd.CommandLine;

/// <summary>PMML models whose rows belong together: baskets, series and forecasts.</summary>
public sealed class PmmlTableTests : IDisposable
{
    private const string Baskets = """
        <PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header/><DataDictionary><DataField name="basket" optype="categorical" dataType="string"/>
        <DataField name="item" optype="categorical" dataType="string"/></DataDictionary>
        <AssociationModel functionName="associationRules"><MiningSchema><MiningField name="basket" usageType="group"/><MiningField name="item"/></MiningSchema>
        <Output><OutputField name="rules" feature="ruleValue" ruleFeature="ruleId" isMultiValued="1" rank="0"/><OutputField name="best" feature="ruleId" rank="1"/></Output>
        <Item id="1" value="a"/><Item id="2" value="b"/><Itemset id="1"><ItemRef itemRef="1"/></Itemset><Itemset id="2"><ItemRef itemRef="2"/></Itemset>
        <AssociationRule antecedent="1" consequent="2" support="0.5" confidence="0.5"/></AssociationModel></PMML>
        """;

    private const string Series = """
        <PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header/><DataDictionary><DataField name="sales" optype="continuous" dataType="double"/>
        <DataField name="h" optype="continuous" dataType="integer"/></DataDictionary>
        <TimeSeriesModel functionName="timeSeries" bestFit="ExponentialSmoothing"><MiningSchema><MiningField name="sales" usageType="target"/><MiningField name="h" usageType="supplementary"/></MiningSchema>
        <ExponentialSmoothing><Level smoothedValue="10"/><Trend_ExpoSmooth smoothedValue="0.5"/></ExponentialSmoothing></TimeSeriesModel></PMML>
        """;

    private const string Before = """
        <PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header/><DataDictionary><DataField name="y" optype="continuous" dataType="double"/>
        <DataField name="x" optype="continuous" dataType="double"/></DataDictionary>
        <TransformationDictionary><DerivedField name="before" optype="continuous" dataType="double"><Lag field="x" n="1"/></DerivedField></TransformationDictionary>
        <RegressionModel functionName="regression"><MiningSchema><MiningField name="y" usageType="target"/><MiningField name="x"/></MiningSchema>
        <RegressionTable intercept="0"><NumericPredictor name="before" coefficient="1"/></RegressionTable></RegressionModel></PMML>
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly Cli _cli;

    public PmmlTableTests() => _cli = new Cli(_folder.Path);

    /// <summary>More records than are read at a time, so that a basket whose records lie far apart must still be one.</summary>
    [Fact]
    public async Task Score_answers_one_line_a_basket()
    {
        var others = string.Concat(Enumerable.Range(2, 20_000).Select(i => $"{i},b\n"));
        _folder.Write("rules.pmml", Baskets);
        _folder.Write("items.csv", $"basket,item\n1,c\n{others}1,a\n");
        await _cli.OkAsync("score", "--model", "rules.pmml", "--input", "items.csv", "--output", "answers.csv");
        var lines = await File.ReadAllLinesAsync(_folder["answers.csv"]);
        Assert.Equal(["basket,_target,rules,best", "1,[b],[1],1", "2,N/A,[],N/A"], lines.Take(3));
        Assert.Equal(20_002, lines.Length);

        _folder.Write("expected.csv", "rules,best\n[1],1\n" + string.Concat(Enumerable.Repeat("[],N/A\n", 20_000)));
        Assert.EndsWith("1 passed, 0 failed, 0 skipped\n", await _cli.OkAsync("verify", "rules.pmml", "--input", "items.csv", "--expected", "expected.csv", "--missing", "N/A"));
        (await _cli.RunAsync("score", "--model", "rules.pmml", "--input", "items.csv", "--output", "answers.csv", "--columns", "item")).Exits(2);
    }

    /// <summary>A use case keeps rows apart; the model itself answers a request whole.</summary>
    [Fact]
    public async Task Check_and_apply_refuse_baskets_and_serve_answers_them()
    {
        _folder.Write("rules.pmml", Baskets);
        _folder.Write("items.csv", "basket,item\n1,a\n");
        _folder.Write("use-case.yaml", "use-case: baskets\nsource: { csv: { path: items.csv } }\nmodel: rules@champion\n");
        await _cli.OkAsync("push", "rules", "rules.pmml", "--alias", "champion");
        foreach (var verb in new[] { "check", "apply", "run", "test" })
        {
            if (verb == "test") File.AppendAllText(_folder["use-case.yaml"], "tests: [ { given: [{ basket: 1, item: a }], expect: [{ best: \"1\" }] } ]\n");
            var said = (await _cli.RunAsync(verb, "use-case.yaml")).Exits(1).Error;
            Assert.StartsWith("use-case.yaml:3:8: model: rules@champion answers whole baskets, histories or forecasts, not rows", said, StringComparison.Ordinal);
        }
        await using var server = await Server.ServeAsync(_folder["data"]);
        using var applied = await server.ApplyAsync("baskets", await File.ReadAllTextAsync(_folder["use-case.yaml"]), _folder.Path);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, applied.StatusCode);
        using var answered = await server.SendAsync(HttpMethod.Post, "/v2/models/rules/versions/champion/infer", """
            {"inputs":[{"name":"basket","shape":[3],"datatype":"BYTES","data":["1","2","1"]},{"name":"item","shape":[3],"datatype":"BYTES","data":["c","b","a"]}],"outputs":[{"name":"best"}]}
            """);
        Assert.Contains("\"shape\":[2]", await answered.Content.ReadAsStringAsync());
        Assert.Equal("pmml", (await server.GetAsync("/v2/models/rules")).GetProperty("platform").GetString());
    }

    [Fact]
    public async Task Score_looks_at_the_row_before_however_long_the_file_is()
    {
        _folder.Write("lag.pmml", Before);
        _folder.Write("rows.csv", "x\n" + string.Join('\n', Enumerable.Range(0, 20_000)) + "\n");
        await _cli.OkAsync("score", "--model", "lag.pmml", "--input", "rows.csv", "--output", "answers.csv");
        Assert.Equal(Enumerable.Range(-1, 20_000).Select(x => x < 0 ? "N/A" : $"{x}"), (await File.ReadAllLinesAsync(_folder["answers.csv"]))[1..]);
        (await _cli.RunAsync("score", "--model", "lag.pmml", "--input", "rows.csv", "--output", "answers.csv", "--on-error", "skip")).Exits(2);
        Assert.Matches(@"rows\s+ordered: each is answered by the rows before it too", await _cli.OkAsync("inspect", "lag.pmml"));
        Assert.Equal("ordered", (await _cli.JsonAsync("inspect", "lag.pmml")).GetProperty("rows").GetString());

        _folder.Write("bad.csv", "x\n1\nold\n");
        Assert.Contains("bad.csv line 3: field 'x': 'old'", (await _cli.RunAsync("verify", "lag.pmml", "--input", "bad.csv", "--expected", "answers.csv")).Exits(1).Output);
    }

    [Fact]
    public async Task Score_forecasts_as_many_steps_as_are_asked_for()
    {
        _folder.Write("sales.pmml", Series);
        await _cli.OkAsync("score", "--model", "sales.pmml", "--horizon", "3", "--output", "answers.csv");
        Assert.Equal(["sales", "10.5", "11", "11.5"], await File.ReadAllLinesAsync(_folder["answers.csv"]));

        _folder.Write("horizon.csv", "h\n2\n");
        _folder.Write("expected.csv", "sales\n10.5\n11\n");
        Assert.EndsWith("1 passed, 0 failed, 0 skipped\n", await _cli.OkAsync("verify", "sales.pmml", "--input", "horizon.csv", "--expected", "expected.csv"));
        (await _cli.RunAsync("score", "--model", "sales.pmml", "--output", "answers.csv")).Exits(2);
        (await _cli.RunAsync("score", "--model", "sales.pmml", "--horizon", "0", "--output", "answers.csv")).Exits(1);
    }

    public void Dispose() => _folder.Dispose();
}
