using System.IO.Compression;
using System.Text.Json;
using Slipway.Conformance.Pmml;
using Slipway.Core;
using Slipway.Models;

namespace Slipway.Conformance.Trees;

/// <summary>Runs one case: what the files of a library answer to rows, against what their owner expects. Whatever goes wrong is the case's failure.</summary>
internal static class TreesSuite
{
    public static CaseResult Run(TreesCase suiteCase)
    {
        var (rows, comparison) = (0, (AnswerComparison?)null);
        string? reason;
        try
        {
            if (Questions.Of(suiteCase) is not { } questions) return Skipped(suiteCase);
            reason = null;
            foreach (var model in questions.Models)
            {
                using var file = ModelFile.Of(model);
                var runtime = Runtimes.Default.Detect(file.Path);
                var description = runtime.Describe(file.Path);
                if (!description.Unsupported.IsEmpty) throw new ConformanceException($"{Path.GetFileName(model)}: {string.Join("; ", description.Unsupported)}");
                comparison ??= new AnswerComparison(questions.ToleranceFor(description));
                foreach (var expectation in questions.Expectations)
                {
                    using var opened = runtime.Open(file.Path, new RuntimeOptions(Output: expectation.Output, Rounds: expectation.Rounds));
                    using var inputs = ModelInputs.Bind(opened.Signature, questions.RowsFor(opened.Signature, description));
                    using var answers = opened.Run(inputs);
                    rows += answers.Rows;
                    if (ExpectsSigmoid(expectation, description)) Sigmoid(answers[0].Values<double>());
                    if (comparison.Difference(expectation.Named(opened.Signature), answers) is { } difference) reason ??= $"{Path.GetFileName(model)}: {difference}";
                }
            }
        }
        catch (Exception e)
        {
            reason = PmmlSuite.Describe(e);
        }
        return Result(suiteCase, reason is null ? new Tally(1, 0, 0) : new Tally(0, 1, 0), rows, comparison, reason ?? "");
    }

    /// <summary>Old LightGBM dumps do not tell their objective, so that they answer margins: who expects probabilities of them makes them himself.</summary>
    private static bool ExpectsSigmoid(Expectation expectation, ModelDescription description) =>
        expectation.What == "probabilities" && expectation.Output == OutputKind.Prediction && description.Format == "lightgbm-json" && description.Facts.Any(f => f.Key == "objective" && f.Value.StartsWith("none", StringComparison.Ordinal));

    private static void Sigmoid(Span<double> margins)
    {
        foreach (ref var margin in margins) margin = 1 / (1 + Math.Exp(-margin));
    }

    /// <summary>Nothing is expected: it is still told whether the model opens.</summary>
    private static CaseResult Skipped(TreesCase suiteCase)
    {
        var isUnpacked = File.Exists(Path.Combine(suiteCase.Folder, "model.ini"));
        IEnumerable<string> models = isUnpacked ? [suiteCase.Folder] : Directory.EnumerateFiles(suiteCase.Folder).Order(StringComparer.Ordinal);
        var opened = models.Select(Opening).Where(text => text is not null).ToArray();
        var reason = $"no expectation ({suiteCase.Expected}); {(opened.Length > 0 ? string.Join(", ", opened) : "no file that a runtime reads")}";
        return Result(suiteCase, new Tally(0, 0, 1), 0, null, reason);
    }

    private static string? Opening(string path)
    {
        using var file = ModelFile.Of(path);
        if (Runtimes.Default.TryDetect(file.Path) is not { } runtime) return null;
        try
        {
            using var model = runtime.Open(file.Path, RuntimeOptions.Default);
            return $"{Path.GetFileName(path)} opens";
        }
        catch (ModelException e)
        {
            return $"refused: {e.Message}";
        }
    }

    private static CaseResult Result(TreesCase suiteCase, Tally tally, int rows, AnswerComparison? comparison, string reason) =>
        new(suiteCase.Id, tally, $"{rows}\t{CaseResult.Number(comparison?.MaxAbsolute ?? 0)}\t{CaseResult.Number(comparison?.MaxRelative ?? 0)}", reason);

    /// <summary>A model as a file: an H2O model that lies unpacked in its folder is packed for the time being.</summary>
    private sealed class ModelFile : IDisposable
    {
        private readonly bool _packed;

        private ModelFile(string path, bool packed)
        {
            Path = path;
            _packed = packed;
        }

        public string Path { get; }

        public static ModelFile Of(string path)
        {
            if (!Directory.Exists(path)) return new ModelFile(path, false);
            var packed = System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName() + ".zip");
            ZipFile.CreateFromDirectory(path, packed);
            return new ModelFile(packed, true);
        }

        public void Dispose()
        {
            if (_packed) File.Delete(Path);
        }
    }
}
