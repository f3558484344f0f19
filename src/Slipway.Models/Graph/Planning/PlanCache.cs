using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Plans that are idle, the last used first. Bounded: callers with ever new shapes do not fill the memory.</summary>
/// <param name="around">What the run around a body's may take; null for a graph of its own.</param>
internal sealed class PlanCache(BoundGraph graph, SymbolSource symbols, GraphOptions options, RunMemory? around = null)
{
    private const int MaxIdle = 8;

    private readonly Lock _lock = new();
    private readonly List<Plan> _idle = new(MaxIdle + 1);

    /// <summary>A plan for inputs like these, which is the caller's until it is returned.</summary>
    /// <exception cref="RecordException">The inputs do not fit the graph.</exception>
    public Plan Rent(ReadOnlySpan<Value> inputs)
    {
        lock (_lock)
        {
            for (var i = _idle.Count - 1; i >= 0; i--)
            {
                if (!_idle[i].Fits(inputs)) continue;
                var plan = _idle[i];
                _idle.RemoveAt(i);
                return plan;
            }
        }
        var types = new GraphType[inputs.Length];
        for (var i = 0; i < types.Length; i++) types[i] = inputs[i].Type;
        return PlanBuilder.Build(graph, types, symbols, options, new RunMemory(options.MaxMemory, around));
    }

    public void Return(Plan plan)
    {
        lock (_lock)
        {
            if (_idle.Count == MaxIdle)
            {
                _idle[0].Memory.Release();
                _idle.RemoveAt(0);
            }
            _idle.Add(plan);
        }
    }
}
