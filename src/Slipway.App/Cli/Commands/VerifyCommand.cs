using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Slipway.Core;
using Slipway.Data;
using Slipway.Data.Numpy;
using Slipway.Models;
using Slipway.Models.Packages;
using Slipway.Models.Parity;

namespace Slipway.App.Cli.Commands;

/// <summary><c>slipway verify</c>: replays recorded rows and says how far the answers are from the recorded ones.</summary>
public static class VerifyCommand
{
    private sealed record Case(string Path, string Status, ParityReport? Parity, string Reason);

    private sealed record Settings(RuntimeCatalog Runtimes, Tolerance? Tolerance, string? Input, string? Expected, ImmutableArray<string> Missing, bool FastMath);

    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH") { Arity = ArgumentArity.OneOrMore, Description = "Packages, ONNX folders (model.onnx + test_data_set_*), model files, or folders of these." };
        var input = new Option<string?>("--input") { HelpName = "FILE", Description = "Rows for one model file, with --expected: .csv, .tsv, .jsonl; or .npz with an array for each input." };
        var expected = new Option<string?>("--expected") { HelpName = "FILE", Description = "The outputs those rows must give: columns, or arrays of an .npz, named like the outputs." };
        var missing = new Option<string[]>("--missing") { HelpName = "TOKENS", Description = "Cells that mean 'no value': NA,N/A.", DefaultValueFactory = _ => [] };
        var relative = new Option<double?>("--rtol") { HelpName = "R", Description = "Relative tolerance, instead of the package's." };
        var absolute = new Option<double?>("--atol") { HelpName = "A", Description = "Absolute tolerance, instead of the package's." };
        var report = new Option<string?>("--report") { HelpName = "TSV", Description = "Writes one line per case: path, status, rows, max abs, max rel, reason." };
        var runtime = new RuntimeOption();
        var fastMath = new FastMathOption();
        var command = new Verb("verify", "Replays recorded rows and compares.", "slipway verify model.json --input rows.csv --expected answers.csv") { paths, input, expected, missing, relative, absolute, report, runtime, fastMath };
        command.SetAction((parsed, cancellation) =>
        {
            if (parsed.GetValue(input) is null != parsed.GetValue(expected) is null) throw new UsageException("--input and --expected go together.");
            var given = parsed.GetRequiredValue(paths);
            if (parsed.GetValue(input) is not null && given.Length > 1) throw new UsageException("--input and --expected are for one model.");
            var tolerance = parsed.GetValue(relative) is null && parsed.GetValue(absolute) is null ? null : new Tolerance(parsed.GetValue(relative) ?? 0, parsed.GetValue(absolute) ?? 0);
            var settings = new Settings(runtime.Catalog(parsed), tolerance, parsed.GetValue(input), parsed.GetValue(expected), ScoreCommand.Split(parsed.GetRequiredValue(missing)), parsed.GetValue(fastMath));
            return Task.FromResult(Run(given, settings, parsed.GetValue(report), cancellation));
        });
        return command;
    }

    private static int Run(IEnumerable<string> paths, Settings settings, string? report, CancellationToken cancellation)
    {
        using var lines = report is null ? null : new StreamWriter(report);
        int passed = 0, failed = 0, skipped = 0;
        foreach (var path in paths.SelectMany(p => Find(p, settings)))
        {
            cancellation.ThrowIfCancellationRequested();
            var result = Verify(path, settings);
            _ = result.Status switch { "passed" => passed++, "failed" => failed++, _ => skipped++ };
            var numbers = result.Parity is { Rows: > 0 } p
                ? string.Create(CultureInfo.InvariantCulture, $"{p.Rows} rows, worst {p.MaxAbsolute:g3} absolute, {p.MaxRelative:g3} relative, {p.MaxUlp} ULP") : "";
            Terminal.Line(string.Join("  ", new[] { result.Status.PadRight(7), result.Path, numbers, result.Reason }.Where(s => s.Length > 0)));
            lines?.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{result.Path}\t{result.Status}\t{result.Parity?.Rows ?? 0}\t{result.Parity?.MaxAbsolute ?? 0:R}\t{result.Parity?.MaxRelative ?? 0:R}\t{result.Reason.ReplaceLineEndings(" ").Replace('\t', ' ')}"));
        }
        Terminal.Line($"{passed} passed, {failed} failed, {skipped} skipped");
        return failed == 0 ? CommandLine.Ok : CommandLine.Failed;
    }

    /// <summary>The packages, ONNX folders and model files at or below a path, in ordinal order.</summary>
    private static IEnumerable<string> Find(string path, Settings settings)
    {
        if (File.Exists(path)) return [path];
        if (!Directory.Exists(path)) throw new SlipwayException($"{path}: there is no such file or folder");
        if (IsPackage(path)) return [path];
        var below = Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal).SelectMany(d => Find(d, settings));
        var files = Directory.EnumerateFiles(path).Order(StringComparer.Ordinal).Where(f => IsModel(f, settings.Runtimes));
        return files.Concat(below);
    }

    private static bool IsPackage(string folder) =>
        File.Exists(Path.Combine(folder, ModelPackage.ManifestName))
        || Directory.Exists(Path.Combine(folder, ModelPackage.RecordedName))
        || (Directory.EnumerateFiles(folder, "*.onnx").Any() && Directory.EnumerateDirectories(folder, "test_data_set_*").Any());

    private static bool IsModel(string file, RuntimeCatalog runtimes)
    {
        try
        {
            runtimes.Detect(file);
            return true;
        }
        catch (ModelException)
        {
            return false;
        }
    }

    private static Case Verify(string path, Settings settings)
    {
        try
        {
            var package = ModelPackage.Open(path, settings.Runtimes);
            using var model = package.Load(OutputKind.Prediction, fastMath: settings.FastMath);
            var parity = settings.Input is null ? package.Verify(model, settings.Tolerance) : Compare(model, settings, package.Manifest.Tolerance);
            return parity.Rows == 0 && parity.Passed
                ? new Case(path, "skipped", parity, "it has no recorded rows")
                : new Case(path, parity.Passed ? "passed" : "failed", parity, parity.Reason ?? "");
        }
        catch (SlipwayException e)
        {
            return new Case(path, "failed", null, e.Message);
        }
    }

    private static ParityReport Compare(IModel model, Settings settings, Tolerance? own)
    {
        using var rows = ScoreCommand.OpenRows(settings.Input!, model.Signature, settings.Missing);
        using var answers = OpenAnswers(settings, model.Signature);
        var comparer = new ParityComparer(settings.Tolerance ?? own);
        var options = TableWriteOptions.For(model.Signature);
        var batch = TableScoring.LargestBatch(model, rows);
        long row = 0;
        while (rows.Read(batch) is { } given)
        {
            using (given)
            {
                Refuse(settings.Input!, rows);
                using var found = Score(model, given, settings.Input!, rows);
                using var expected = answers.Read(batch) ?? throw new RecordException($"{settings.Expected} has fewer rows than {settings.Input}");
                Refuse(settings.Expected!, answers);
                var place = $"rows from {row}";
                row += given[0].Rows;
                if (answers is NumpyReader)
                {
                    using var tensors = Align(expected, found, settings.Expected!);
                    comparer.Add(tensors, found, place);
                    continue;
                }
                if (expected.Rows != found.Rows)
                {
                    throw new RecordException(model.Signature.AnswersByRow
                        ? $"{settings.Expected} has fewer rows than {settings.Input}" : $"{settings.Expected} has {expected.Rows} rows, and the model gives {found.Rows} answers");
                }
                using var flat = Flatten(found, options);
                using var aligned = Align(expected, flat, settings.Expected!);
                comparer.Add(aligned, flat, place);
            }
        }
        if (answers.Read(1) is { } more)
        {
            more.Dispose();
            throw new RecordException($"{settings.Expected} has more rows than {settings.Input}");
        }
        return comparer.Report;
    }

    private static Batch Score(IModel model, Batch rows, string path, ITableReader reader)
    {
        try
        {
            return model.Score(rows);
        }
        catch (RecordException e) when (e.Row is { } row)
        {
            throw new RecordException($"{path} {reader.LineName} {reader.Lines[row]}: {e.Reason}", e);
        }
    }

    /// <summary>Answers that are texts are read as such, even when they all look like numbers.</summary>
    private static ITableReader OpenAnswers(Settings settings, Signature signature)
    {
        var types = signature.Outputs.Where(o => o.Type == ElementType.Bytes).ToDictionary(o => o.Name, o => o.Type);
        return TableFiles.OpenRead(settings.Expected!, new TableReadOptions(Missing: settings.Missing, Types: types));
    }

    private static void Refuse(string path, ITableReader reader)
    {
        if (reader.Faults is [var fault, ..]) throw new RecordException($"{path} {reader.LineName} {fault.Line}: {fault.Reason}");
    }

    /// <summary>Outputs as one-value columns, the way <c>score</c> writes them.</summary>
    private static Batch Flatten(Batch outputs, TableWriteOptions options)
    {
        var flat = new Batch();
        foreach (var column in new FlatColumns(outputs, options).Columns)
        {
            var source = outputs[column.Tensor];
            if (column.Stride == 1 && source.Shape.Length == 1)
            {
                flat.Add(source.Copy());
                continue;
            }
            var values = new Tensor(column.Name, ElementType.Float64, source.Rows);
            for (var r = 0; r < source.Rows; r++) values.Values<double>()[r] = source.NumberAt(column.At(r));
            flat.Add(values);
        }
        return flat;
    }

    /// <summary>The expected columns under the outputs' names and types; a lone expected column answers to a lone output whatever it is called.</summary>
    private static Batch Align(Batch expected, Batch found, string path)
    {
        var aligned = new Batch();
        if (expected.Count == 1 && found.Count == 1)
        {
            var lone = As(expected[0], found[0].Type);
            aligned.Add(lone);
            aligned.Rename(lone.Name, found[0].Name);
            return aligned;
        }
        foreach (var column in expected)
        {
            if (!found.TryGet(column.Name, out var output)) throw new RecordException($"{path}: the model has no output '{column.Name}'; it has: {string.Join(", ", found.Select(t => t.Name))}");
            aligned.Add(As(column, output.Type));
        }
        return aligned;
    }

    private static Tensor As(Tensor column, ElementType type) =>
        column.Type == type ? column.Copy()
        : column.Type == ElementType.Bytes && type == ElementType.Bool ? Truths(column)
        : column.ConvertTo(type);

    private static Tensor Truths(Tensor column)
    {
        var truths = new Tensor(column.Name, ElementType.Bool, column.Rows);
        for (var row = 0; row < column.Rows; row++)
        {
            if (column.IsMissing(row)) truths.SetMissing(row);
            else if (bool.TryParse(column.GetText(row), out var truth)) truths.Values<bool>()[row] = truth;
            else throw new RecordException($"'{column.Name}' row {row}: expected '{column.GetText(row)}', but the output is true or false");
        }
        return truths;
    }
}
