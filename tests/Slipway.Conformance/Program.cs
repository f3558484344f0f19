using System.Collections.Concurrent;
using Slipway.Conformance.Onnx;
using Slipway.Conformance.Pmml;
using Slipway.Conformance.Trees;

namespace Slipway.Conformance;

/// <summary>Runs peer suites. Exit code 0: nothing failed; 1: something did; 2: the call was wrong.</summary>
internal static class Program
{
    private const string Usage = """
        Runs a peer suite with Slipway's engines and compares the answers with the expected ones.

        Usage: Slipway.Conformance SUITE DIR [--report TSV] [--digests TSV] [--only PATTERN] [--threads N] [--runtime NAME]

        Suites:
          pmml            PMML models: DIR/manifest.tsv names model, rows, expected rows, columns and equivalence of every case
          pmml-perturbed  their rows with missing and invalid cells, under DIR/perturbed; counts rows, and skips rows on which
                          the reference engine itself failed
          trees           models of XGBoost, LightGBM, CatBoost, H2O, …: DIR/manifest.tsv and a folder for each case, with case.json
          onnx-backend    the suite of the ONNX standard: DIR/manifest.tsv, and for each case model.onnx with inputs and outputs
          onnx-nets       whole ONNX models from many places; those that nobody expects anything of are opened, run, and compared
                          with the other runtime, and count as skipped

        Options:
          --report TSV    writes one line per case
                            pmml:           path, status, rows, max abs, max rel, reason
                            pmml-perturbed: path, status, rows, rows passed, rows failed, rows advisory, max rel, reason
                            trees:          id, status, rows, max abs, max rel, reason
                            onnx-*:         id, status, operators, kind, worst difference (1 is the tolerance), reason
          --digests TSV   for onnx-*: writes id and digest of the outputs' bits; the files of two machines that give the same bits are equal
          --only PATTERN  (or --filter) runs only the cases whose id contains PATTERN, in which * stands for any text
          --threads N     runs N cases at a time (default: the number of cores)
          --runtime NAME  for onnx-*: onnx, which is Slipway's own engine (default), or onnxruntime

        The last line is 'N passed, N failed, N skipped'. Exit code 0 when nothing failed, 1 when something did, 2 when the call was wrong.
        """;

    private static int Main(string[] arguments) => Run(arguments, Console.Out, Console.Error, PmmlEngine.Open);

    internal static int Run(ReadOnlySpan<string> arguments, TextWriter output, TextWriter error, ModelOpener pmml)
    {
        if (arguments is ["--help" or "-h"] or [_, "--help" or "-h"])
        {
            output.WriteLine(Usage);
            return 0;
        }
        try
        {
            if (arguments.IsEmpty) throw new UsageException("SUITE is missing");
            if (arguments[0] is not ("pmml" or "pmml-perturbed" or "trees" or "onnx-backend" or "onnx-nets")) throw new UsageException($"there is no suite '{arguments[0]}'");
            var options = SuiteArguments.Parse(arguments[1..]);
            return arguments[0] switch
            {
                "pmml" => Run(options, SuiteManifest.Read(options.Folder), c => c.Id, c => PmmlSuite.Run(c, pmml), output, error),
                "trees" => Run(options, TreesManifest.Read(options.Folder), c => c.Id, TreesSuite.Run, output, error),
                "onnx-backend" => RunOnnx(options, engine => c => OnnxBackendSuite.Run(c, engine), output, error),
                "onnx-nets" => RunOnnx(options, engine => c => OnnxNetsSuite.Run(c, engine), output, error),
                _ => Run(options, SuiteManifest.ReadPerturbed(options.Folder), c => c.Id, c => PerturbedSuite.Run(c, pmml), output, error),
            };
        }
        catch (Exception e) when (e is UsageException or ConformanceException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine(e.Message);
            error.WriteLine("'--help' prints the usage.");
            return 2;
        }
    }

    private static int RunOnnx(SuiteArguments options, Func<IOnnxEngine, Func<OnnxCase, OnnxOutcome>> suite, TextWriter output, TextWriter error)
    {
        var run = suite(OnnxEngines.Named(options.Runtime));
        var outcomes = new ConcurrentBag<OnnxOutcome>();
        return Run(options, OnnxManifest.Read(options.Folder), c => c.Id, Judge, output, error, Summarise);

        CaseResult Judge(OnnxCase onnxCase)
        {
            var outcome = run(onnxCase);
            outcomes.Add(outcome);
            return outcome.ToResult();
        }

        void Summarise()
        {
            if (options.Digests is not null) File.WriteAllLines(options.Digests, outcomes.OrderBy(o => o.Id, StringComparer.Ordinal).Select(o => $"{o.Id}\t{o.Digest}"));
            OnnxSummary.Write(outcomes, output);
        }
    }

    private static int Run<T>(SuiteArguments options, IReadOnlyList<T> cases, Func<T, string> id, Func<T, CaseResult> run, TextWriter output, TextWriter error, Action? summarise = null)
    {
        var selected = options.Select(cases, id);
        using var report = options.Report is null ? null : new StreamWriter(options.Report);
        var progress = new ProgressLine(error, selected.Count, !Console.IsErrorRedirected);
        var total = new Tally();
        foreach (var result in SuiteRun.Run(selected, options.Threads, run))
        {
            total += result.Count;
            report?.WriteLine(result.ReportLine);
            progress.Advance(result.Status == "failed");
            if (result.Status != "failed") continue;
            progress.Clear();
            output.WriteLine(result.FailureLine);
        }
        progress.Clear();
        summarise?.Invoke();
        output.WriteLine(total);
        return total.Failed == 0 ? 0 : 1;
    }
}
