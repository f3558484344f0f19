namespace Slipway.Conformance.Pmml;

/// <summary>Runs the cases of a suite on a number of threads and gives their results in the suite's order.</summary>
internal static class SuiteRun
{
    /// <summary>The results, each as soon as it and all before it are there.</summary>
    /// <param name="run">Throws nothing: what goes wrong is the case's result.</param>
    public static IEnumerable<CaseResult> Run<T>(IReadOnlyList<T> cases, int threads, Func<T, CaseResult> run)
    {
        var results = new CaseResult?[cases.Count];
        var next = -1;
        for (var i = 0; i < Math.Min(threads, cases.Count); i++) new Thread(Work) { IsBackground = true }.Start();
        for (var i = 0; i < results.Length; i++) yield return Wait(i);

        CaseResult Wait(int index)
        {
            lock (results)
            {
                while (results[index] is null) Monitor.Wait(results);
                return results[index]!;
            }
        }

        void Work()
        {
            while (Interlocked.Increment(ref next) is var i && i < cases.Count)
            {
                var result = run(cases[i]);
                lock (results)
                {
                    results[i] = result;
                    Monitor.Pulse(results);
                }
            }
        }
    }
}
