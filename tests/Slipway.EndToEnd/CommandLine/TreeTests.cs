using System.Globalization;

namespace Slipway.EndToEnd.CommandLine;

/// <summary>What a person asks of a model of trees on the command line, against XGBoost's own answers.</summary>
public sealed class TreeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Cli _cli;

    public TreeTests() => _cli = new Cli(_folder.Path);

    [Theory]
    [InlineData("softprob.json", "margin", "class_0,class_1,class_2,class_3")]
    [InlineData("binary-logistic.ubj", "margin", "margin")]
    [InlineData("binary-logistic.model", "leaf", "leaf_0,leaf_1,leaf_2,leaf_3,leaf_4,leaf_5")]
    [InlineData("categorical-partition.json", "leaf", "leaf_0,leaf_1,leaf_2,leaf_3,leaf_4,leaf_5")]
    [InlineData("categorical-onehot.ubj", "contributions", "a,b,c,city,colour,bias")]
    [InlineData("dart.json", "contributions", "f0,f1,f2,f3,f4,bias")]
    public async Task Score_answers_what_XGBoost_answers_under_the_names_of_the_signature(string model, string kind, string header)
    {
        var answers = await AskAsync(model, "--output-kind", kind);
        Assert.Equal(header, answers[0]);
        AssertRows(Golden($"{Path.GetFileNameWithoutExtension(model)}.{(kind == "contributions" ? "contribution" : kind)}.csv"), answers[1..], kind == "leaf" ? 0 : 2e-6);
    }

    [Fact]
    public async Task Contributions_of_a_classifier_have_a_column_for_each_class_and_feature()
    {
        var answers = await AskAsync("softprob.json", "--output-kind", "contributions");
        Assert.StartsWith("class_0:f0,class_0:f1,class_0:f2,class_0:f3,class_0:f4,class_0:bias,class_1:f0,", answers[0]);
        AssertRows(Golden("softprob.contribution.csv"), answers[1..], 2e-6);
    }

    [Theory, InlineData("softprob.json", 4), InlineData("binary-logistic.json", 1)]
    public async Task Rounds_cut_a_model_to_its_first_trees(string model, int treesOfRound)
    {
        var leaves = Golden($"{Path.GetFileNameWithoutExtension(model)}.leaf.csv").Select(line => string.Join(',', line.Split(',').Take(2 * treesOfRound)));
        AssertRows([.. leaves], (await AskAsync(model, "--output-kind", "leaf", "--rounds", "2"))[1..], 0);
        Assert.Equal(await AskAsync(model), await AskAsync(model, "--rounds", "6"));
        Assert.NotEqual(await AskAsync(model), await AskAsync(model, "--rounds", "2"));
    }

    [Fact]
    public async Task Rounds_of_a_package_hold_until_the_call_says_otherwise()
    {
        File.Copy(GoldenPath("binary-logistic.json"), _folder["model.json"]);
        _folder.Write("package/model.yaml", "options: { rounds: 2 }\n");
        File.Move(_folder["model.json"], _folder["package", "model.json"]);
        Assert.Equal(await AskAsync("binary-logistic.json", "--rounds", "2"), await ScoreAsync(_folder["package"], "binary-logistic"));
        Assert.Equal(await AskAsync("binary-logistic.json", "--rounds", "3"), await ScoreAsync(_folder["package"], "binary-logistic", "--rounds", "3"));
    }

    [Fact]
    public async Task Inspect_lists_the_features_with_most_splits_and_sums_up_the_others()
    {
        var features = Enumerable.Range(0, 23).Select(f => $$"""{"borders":[0.5],"feature_id":"x{{f}}","feature_index":{{f}},"flat_feature_index":{{f}},"has_nans":false,"nan_value_treatment":"AsIs"}""");
        var split = (int f) => $$"""{"border":0.5,"float_feature_index":{{f}},"split_index":{{f}},"split_type":"FloatFeature"}""";
        // The last split is the root's; the other one is asked twice, by both nodes below.
        string[] trees = [$$"""{"leaf_values":[1,2,3,4],"splits":[{{split(22)}},{{split(0)}}]}""", .. Enumerable.Range(1, 21).Select(f => $$"""{"leaf_values":[1,2],"splits":[{{split(f)}}]}""")];
        _folder.Write("model.json", $$"""{"features_info":{"float_features":[{{string.Join(',', features)}}]},"oblivious_trees":[{{string.Join(',', trees)}}],"scale_and_bias":[1,[0]]}""");

        var lines = (await _cli.OkAsync("inspect", "model.json")).Split('\n', StringSplitOptions.TrimEntries);
        var table = Array.FindIndex(lines, line => line.StartsWith("FEATURE", StringComparison.Ordinal));
        Assert.Matches("^x22 +thresholds +2$", lines[table + 1]);
        Assert.Matches("^x0 +thresholds +1$", lines[table + 2]);
        Assert.Matches("^x18 +thresholds +1$", lines[table + 20]);
        Assert.Equal("and 3 others, 3 splits", lines[table + 21]);
        Assert.Equal(23, (await _cli.JsonAsync("inspect", "model.json")).GetProperty("splits").GetArrayLength());
    }

    [Fact]
    public async Task Columns_that_the_file_knows_by_place_only_get_their_names_from_the_package()
    {
        _folder.Write("package/model.yaml", "signature:\n  inputs:\n    - { name: input, columns: [age, height, weight, pulse, dose] }\n");
        File.Copy(GoldenPath("softprob.json"), _folder["package", "model.json"]);
        var rows = await File.ReadAllLinesAsync(GoldenPath("softprob.input.csv"));
        _folder.Write("rows.csv", string.Join('\n', ["dose,pulse,weight,height,age", .. rows[1..].Select(row => string.Join(',', row.Split(',').Reverse()))]));
        await _cli.OkAsync("score", "--model", "package", "--input", "rows.csv", "--output", "answers.csv", "--output-kind", "contributions");
        var answers = await File.ReadAllLinesAsync(_folder["answers.csv"]);
        Assert.StartsWith("class_0:age,class_0:height,class_0:weight,class_0:pulse,class_0:dose,class_0:bias,class_1:age,", answers[0]);
        AssertRows(Golden("softprob.contribution.csv"), answers[1..], 2e-6);
        var splits = (await _cli.JsonAsync("inspect", "package")).GetProperty("splits").EnumerateArray();
        Assert.Equal(["age", "dose", "height", "pulse", "weight"], splits.Select(s => s.GetProperty("feature").GetString()!).Order());

        _folder.Write("package/model.yaml", "signature:\n  inputs:\n    - { name: input, columns: [age, height] }\n");
        Assert.Contains("names 2 columns", (await _cli.RunAsync("inspect", "package")).Exits(1).Error);
    }

    [Fact]
    public async Task Registered_model_explains_itself_too()
    {
        await _cli.OkAsync("push", "dart", GoldenPath("dart.json"));
        Assert.Equal(await AskAsync("dart.json", "--output-kind", "contributions"), await ScoreAsync("dart", "dart", "--output-kind", "contributions"));
    }

    [Theory]
    [InlineData("linear.json", "--output-kind leaf", 1, "linear.json: leaves are asked for, but the model has no trees")]
    [InlineData("linear.json", "--rounds 2", 1, "linear.json: 2 rounds are asked for, but the model has no trees")]
    [InlineData("dart.json", "--rounds 700", 1, "dart.json: 700 rounds are asked for, but the model has 10")]
    [InlineData("dart.json", "--output-kind contributions --columns f0", 2, "--columns f0: the answers have a column of that name themselves")]
    [InlineData("dart.json", "--rounds 0", 2, "--rounds is a number from 1")]
    [InlineData("dart.json", "--output-kind leaves", 2, "'leaves'")]
    public async Task What_a_model_cannot_answer_is_refused_with_its_reason(string model, string options, int code, string reason)
    {
        var ended = (await _cli.RunAsync(["score", "--model", GoldenPath(model), "--input", GoldenPath("dart.input.csv"), "--output", "answers.csv", .. options.Split(' ')])).Exits(code);
        Assert.Contains(reason, ended.Error);
        Assert.False(File.Exists(_folder["answers.csv"]));
    }

    [Theory, InlineData("margin"), InlineData("leaf"), InlineData("contributions")]
    public async Task Models_that_are_known_as_a_whole_only_answer_with_predictions(string kind)
    {
        await _cli.OkAsync("convert", GoldenPath("dart.json"), "--to", "pmml", "--output", "model.pmml");
        var refused = (await _cli.RunAsync("score", "--model", "model.pmml", "--input", GoldenPath("dart.input.csv"), "--output", "answers.csv", "--output-kind", kind)).Exits(1);
        Assert.Equal($"model.pmml: {kind} output is asked for, but models of the runtime 'pmml' answer with predictions only\n", refused.Error);
        var rounds = (await _cli.RunAsync("score", "--model", "model.pmml", "--input", GoldenPath("dart.input.csv"), "--output", "answers.csv", "--rounds", "2")).Exits(1);
        Assert.Contains("model.pmml: 2 rounds are asked for", rounds.Error);
    }

    [Fact]
    public async Task Inspect_shows_what_trees_split_on_and_JSON_counts_it()
    {
        var lines = (await _cli.OkAsync("inspect", GoldenPath("categorical-partition.json"))).Split('\n');
        var table = lines[(Array.IndexOf(lines, "splits") + 1)..Array.IndexOf(lines, "inputs")];
        Assert.Equal(["FEATURE", "ASKED", "FOR", "SPLITS", "GAIN"], Words(table[0]));
        Assert.Equal(["city", "categories", "43", "1633.11"], Words(table[1]));
        Assert.Single(table.Select(line => line.Length).Distinct());

        var splits = (await _cli.JsonAsync("inspect", GoldenPath("categorical-partition.json"))).GetProperty("splits").EnumerateArray().ToArray();
        Assert.Equal(table[1..].Select(line => Words(line)[0]), splits.Select(s => s.GetProperty("feature").GetString()!));
        Assert.Equal((43, 43), (splits[0].GetProperty("splits").GetInt32(), splits[0].GetProperty("byCategory").GetInt32()));
        Assert.Equal(1633.11, splits[0].GetProperty("gain").GetDouble(), 0.005);
    }

    [Fact]
    public async Task Inspect_of_what_is_no_whole_model_says_what_it_met()
    {
        Directory.CreateDirectory(_folder["empty"]);
        var text = await File.ReadAllTextAsync(GoldenPath("deep.json"));
        _folder.Write("half.json", text[..(text.Length / 2)]);
        _folder.Write("noise.json", "no model");
        Assert.Equal("absent.json: there is no such file or folder\n", (await _cli.RunAsync("inspect", "absent.json")).Exits(1).Error);
        Assert.StartsWith("empty: no runtime recognises a file in this folder", (await _cli.RunAsync("inspect", "empty")).Exits(1).Error);
        Assert.StartsWith("noise.json: no runtime recognises this file", (await _cli.RunAsync("inspect", "noise.json")).Exits(1).Error);
        Assert.Matches(@"^half\.json: tree \d+: byte \d+: ", (await _cli.RunAsync("inspect", "half.json")).Exits(1).Error);
    }

    public void Dispose() => _folder.Dispose();

    private static string GoldenPath(string file) => Repository.PathOf("tests", "Slipway.Tests", "Models", "XGBoost", "golden", file);

    private static string[] Golden(string file) => File.ReadAllLines(GoldenPath(file));

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Scores a golden model on its own rows.</summary>
    private Task<string[]> AskAsync(string model, params string[] options) => ScoreAsync(GoldenPath(model), Path.GetFileNameWithoutExtension(model), options);

    private async Task<string[]> ScoreAsync(string model, string rows, params string[] options)
    {
        await _cli.OkAsync(["score", "--model", model, "--input", GoldenPath($"{rows}.input.csv"), "--output", "answers.csv", .. options]);
        return await File.ReadAllLinesAsync(_folder["answers.csv"]);
    }

    private static void AssertRows(string[] expected, string[] found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        foreach (var (want, have) in expected.Zip(found))
        {
            var (wanted, had) = (Numbers(want), Numbers(have));
            Assert.Equal(wanted.Length, had.Length);
            for (var i = 0; i < wanted.Length; i++) Assert.Equal(wanted[i], had[i], tolerance * Math.Max(1, Math.Abs(wanted[i])));
        }
    }

    private static double[] Numbers(string line) => [.. line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
}
