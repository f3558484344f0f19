namespace Slipway.Models.Graph;

/// <summary>The passes of a scan, and what a run leaves for the next.</summary>
internal sealed class ScanPasses
{
    private readonly Value[] _inputs;
    private readonly Value[] _results;

    public ScanPasses(int states, int inputs, int outputs)
    {
        (Values, Outputs, Scanned) = (new CarriedValues(states), ScanOutput.Create(outputs), new ScanInput[inputs]);
        for (var i = 0; i < inputs; i++) Scanned[i] = new ScanInput();
        (_inputs, _results) = (new Value[states + inputs], new Value[states + outputs]);
    }

    public CarriedValues Values { get; }

    public ScanInput[] Scanned { get; }

    public ScanOutput[] Outputs { get; }

    public void Run(RunContext context, Subgraph body, long length)
    {
        var states = Values.Current.Length;
        foreach (var output in Outputs) output.Begin();
        for (long i = 0; i < length; i++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            Values.Current.CopyTo(_inputs);
            for (var s = 0; s < Scanned.Length; s++)
            {
                Scanned[s].Take(i);
                _inputs[states + s] = Scanned[s].Slice;
            }
            body.Run(context, _inputs, _results);
            for (var s = 0; s < Outputs.Length; s++) Outputs[s].Add(context, _results[states + s].AsTensor);
            Values.Replace(context, _results.AsSpan(0, states));
        }
    }
}
