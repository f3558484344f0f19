using System.Collections.Immutable;
using System.CommandLine;
using Slipway.App.Control;
using Slipway.Core;
using Slipway.Data;
using Slipway.Data.Numpy;
using Slipway.Models;

namespace Slipway.App.Cli.Commands;

/// <summary><c>slipway score</c>: a file of rows through a model, batch by batch, larger than memory if need be.</summary>
public static class ScoreCommand
{
    /// <summary>What a result that a model leaves out is written as, so that it differs from an empty text.</summary>
    private const string MissingResult = "N/A";

    private const string Fail = "fail";
    private const string Skip = "skip";

    public static Command Create()
    {
        var model = new Option<string>("--model") { HelpName = "PATH|NAME[@A|/V]", Required = true, Description = "A model file, a package folder, or a model in the registry." };
        var input = new Option<string>("--input") { HelpName = "FILE", Description = "The rows: .csv, .tsv, .jsonl; or .npz with an array for each input, the rows along its first dimension." };
        var horizon = new Option<int?>("--horizon") { HelpName = "STEPS", Description = "How many steps a time series model is to forecast; instead of --input." };
        var output = new Option<string>("--output") { HelpName = "FILE", Required = true, Description = "The answers, one line a row, the model's outputs as columns: .csv, .tsv, .jsonl; or .npz, an array for each output." };
        var missing = new Option<string[]>("--missing") { HelpName = "TOKENS", Description = "Cells that mean 'no value', separated by commas: NA,N/A. Empty cells always do.", DefaultValueFactory = _ => [] };
        var columns = new Option<string[]>("--columns") { HelpName = "NAMES", Description = "Input columns to copy beside the outputs, separated by commas.", DefaultValueFactory = _ => [] };
        var onError = new Option<string>("--on-error") { HelpName = "fail|skip", Description = $"What to do about a row that is refused. fail: stop, and write nothing. skip: write {MissingResult} for its results and go on; the refused rows are listed, and the exit code is {CommandLine.Refused}.", DefaultValueFactory = _ => Fail };
        onError.AcceptOnlyFromAmong(Fail, Skip);
        var kind = OutputKindOption();
        var rounds = new Option<int?>("--rounds") { HelpName = "N", Description = "Of a boosted model only the first N rounds." };
        rounds.Validators.Add(result =>
        {
            if (result.GetValue(rounds) < 1) result.AddError("--rounds is a number from 1");
        });
        var runtime = new RuntimeOption();
        var fastMath = new FastMathOption();
        var data = ControlPlanes.DataOption();
        var command = new Verb("score", "Scores a file.", "slipway score --model model.json --input rows.csv --output answers.csv") { model, input, horizon, output, missing, columns, onError, kind, rounds, runtime, fastMath, data };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (from, steps, to) = (parsed.GetValue(input), parsed.GetValue(horizon), parsed.GetRequiredValue(output));
            var (copied, skip) = (Split(parsed.GetRequiredValue(columns)), parsed.GetRequiredValue(onError) == Skip);
            if (from is null == steps is null) throw new UsageException("Give the rows by --input or, for a time series, the number of steps by --horizon.");
            if (from is not null && Path.GetFullPath(from) == Path.GetFullPath(to)) throw new UsageException("--input and --output are the same file.");
            if (Directory.Exists(to)) throw new UsageException($"--output is a folder: {to}");
            if (from is null && (skip || !copied.IsEmpty)) throw new UsageException("--columns and --on-error are about rows, and --horizon has none.");
            using var opened = ModelLocator.Open(parsed.GetRequiredValue(model), parsed.GetRequiredValue(data), runtime.Catalog(parsed), Enum.Parse<OutputKind>(parsed.GetRequiredValue(kind), ignoreCase: true), parsed.GetValue(rounds) ?? 0, parsed.GetValue(fastMath));
            if (from is null)
            {
                Forecast(opened, steps!.Value, to);
                Terminal.Line($"{steps} steps forecast into {to}");
                return CommandLine.Ok;
            }
            var scoring = Scoring(opened, from, copied, skip);
            await Terminal.ProgressAsync("Scoring", progress => Task.Run(
                () => Score(opened, scoring, from, to, Split(parsed.GetRequiredValue(missing)), progress, cancellation), cancellation));
            return Report(scoring, from, to);
        });
        return command;
    }

    private static Option<string> OutputKindOption()
    {
        var kinds = Enum.GetNames<OutputKind>().Select(name => name.ToLowerInvariant()).ToArray();
        var option = new Option<string>("--output-kind")
        {
            HelpName = string.Join('|', kinds),
            Description = "What a tree model is to answer. margin: the sums before the objective's transform. leaf: the number of the leaf in every tree. contributions: what each feature adds to the margin (SHAP values), and last the bias.",
            DefaultValueFactory = _ => kinds[0],
        };
        option.AcceptOnlyFromAmong(kinds);
        return option;
    }

    internal static ImmutableArray<string> Split(IEnumerable<string> lists) =>
        [.. lists.SelectMany(list => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    /// <summary>Reads a file with every column that feeds a number into the model read as numbers, unless the model reads text itself.</summary>
    internal static ITableReader OpenRows(string path, Signature signature, ImmutableArray<string> missing)
    {
        var types = signature.Inputs
            .SelectMany(i => (i.Columns.IsEmpty ? [i.Name] : i.Columns.AsEnumerable()).Select(c => (c, i.AnyType || i.Type == ElementType.Bytes ? ElementType.Bytes : ElementType.Float64)))
            .DistinctBy(c => c.c).ToDictionary(c => c.c, c => c.Item2);
        var reader = TableFiles.OpenRead(path, new TableReadOptions(Missing: missing, Types: types));
        if (reader is NumpyReader { Schema.Columns: [var lone] } array && signature.Inputs is [var input]) array.Rename(lone.Name, input.Name);
        return reader;
    }

    /// <summary>A model that can do without a column is scored without it; a column that is only misspelt should not go unnoticed.</summary>
    private static void WarnOfAbsentColumns(string input, TableSchema schema, Signature signature)
    {
        var absent = signature.Inputs.Where(i => i.Optional && i.Columns.IsEmpty && schema.Find(i.Name) is null).Select(i => i.Name).ToArray();
        if (absent.Length > 0) Terminal.Error($"{input} has no column {string.Join(", ", absent.Select(a => $"'{a}'"))}: scored as missing");
    }

    /// <summary>The one input of a time series is its horizon.</summary>
    private static void Forecast(IModel model, int steps, string output)
    {
        if (model.Signature.AnswersByRow || model.Signature.Inputs is not [{ Type: not ElementType.Bytes } horizon]) throw new UsageException("--horizon is for time series: this model wants rows, by --input.");
        using var rows = new Batch(Tensor.Of<double>(horizon.Name, [steps]));
        using var answers = model.Run(rows);
        Write(model, output, writer => writer.Write(answers));
    }

    private static TableScoring Scoring(IModel model, string input, ImmutableArray<string> columns, bool skip)
    {
        if (!columns.IsEmpty && !model.Signature.AnswersByRow) throw new UsageException("--columns copies cells of a row beside its answer, but the answers of this model are not one a row.");
        var answered = model.Signature.Outputs.SelectMany(o => o.Columns.IsEmpty ? [o.Name] : o.Columns.AsEnumerable()).ToHashSet(StringComparer.Ordinal);
        if (columns.FirstOrDefault(answered.Contains) is { } taken) throw new UsageException($"--columns {taken}: the answers have a column of that name themselves; copy another one to tell the rows by.");
        if (skip && model.Signature.Rows != RowRelation.Independent)
        {
            throw new UsageException("--on-error skip leaves single rows out, but this model answers them together: without one, the answers of others would differ. Mend the rows, or take them out of the file.");
        }
        return new TableScoring(model, input, columns, skip);
    }

    private static long Score(IModel model, TableScoring scoring, string input, string output, ImmutableArray<string> missing, Action<double, string> progress, CancellationToken cancellation)
    {
        using var reader = OpenRows(input, model.Signature, missing);
        WarnOfAbsentColumns(input, reader.Schema, model.Signature);
        Write(model, output, writer => scoring.Run(reader, writer, rows => progress(-1, $"{rows} rows"), cancellation));
        return scoring.Rows;
    }

    private static int Report(TableScoring scoring, string input, string output)
    {
        var (rows, refused) = (scoring.Rows, scoring.RefusedRows);
        foreach (var row in scoring.FirstRefused) Terminal.Error($"{input} {scoring.LineName} {row.Line}: {row.Reason}");
        if (refused > scoring.FirstRefused.Count) Terminal.Error($"and {refused - scoring.FirstRefused.Count} more");
        if (refused > 0) Terminal.Error($"{refused} of {rows} rows were refused; their results are {MissingResult}");
        Terminal.Line($"{rows - refused} rows scored into {output}");
        return refused == 0 ? CommandLine.Ok : CommandLine.Refused;
    }

    /// <summary>Writes beside the output, and puts it in its place once it is whole.</summary>
    private static void Write(IModel model, string output, Action<ITableWriter> write)
    {
        var partial = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(output))!, $".{Path.GetFileNameWithoutExtension(output)}.partial{Path.GetExtension(output)}");
        try
        {
            using (var writer = TableFiles.Create(partial, TableWriteOptions.For(model.Signature) with { Missing = MissingResult })) write(writer);
            File.Move(partial, output, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
