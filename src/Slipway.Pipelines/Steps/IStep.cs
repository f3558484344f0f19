using Slipway.Core;

namespace Slipway.Pipelines.Steps;

/// <summary>Configuration of one preparation step: one key in a list item under <c>prepare:</c> names it.</summary>
public abstract record StepSpec
{
    /// <summary>Resolves every column and type; what comes out can only fail on data.</summary>
    /// <exception cref="SpecException">A column does not exist or has the wrong type; problems carry paths relative to the step's body.</exception>
    public abstract IStep Bind(TableSchema input);
}

/// <summary>One deterministic preparation of rows. Thread-safe; row by row it gives the same as on the whole batch.</summary>
public interface IStep
{
    TableSchema Output { get; }

    /// <summary>Changes the batch from the input schema to <see cref="Output"/>. Rows that cannot be prepared are reported, with any value left in place; the caller drops them.</summary>
    void Apply(Batch rows, RowFaults faults);
}

/// <summary>Rows found bad while a batch goes through a stage: the first reason per row counts.</summary>
public sealed class RowFaults
{
    private readonly SortedDictionary<int, string> _reasons = [];

    public int Count => _reasons.Count;

    public IReadOnlyDictionary<int, string> Reasons => _reasons;

    public void Add(int row, string reason) => _reasons.TryAdd(row, reason);
}
