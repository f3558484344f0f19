using System.Collections.Immutable;
using Slipway.Models.Rows.VectorMachines;

namespace Slipway.Models.Formats.Pmml.Models.SupportVectorMachine;

/// <summary>Lays out the support vectors and binds the machines to them.</summary>
internal static class FunctionsBinder
{
    /// <param name="isWeights">The coefficients are of the input's elements, not of support vectors.</param>
    public static DecisionFunctions Bind(VectorDictionary dictionary, ImmutableArray<MachineElement> machines, KernelFunction kernel, bool isWeights, ModelScope scope)
    {
        var length = dictionary.Fields.Count;
        var input = new VectorInput(scope.Program.Slots(length), [.. dictionary.Fields.Select(f => f.Bind(scope.Fields))]);
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        var functions = machines.Select(m => isWeights ? Weights(m, length) : Function(m, dictionary, index)).ToImmutableArray();
        var vectors = new double[index.Count * length];
        foreach (var (id, at) in index) dictionary.Vectors[id].CopyTo(vectors.AsSpan(at * length));
        if (kernel.Kind == KernelKind.Linear && !isWeights)
        {
            functions = [.. functions.Select(f => Collapse(f, vectors, length))];
            return new DecisionFunctions(input, kernel, new VectorSet([], 0), functions, 0);
        }
        var set = new VectorSet(vectors, index.Count);
        return new DecisionFunctions(input, kernel, set, functions, scope.Program.Slots(set.PaddedCount));
    }

    private static DecisionFunction Weights(MachineElement machine, int length) => machine.Coefficients.Length == length
        ? new DecisionFunction([], machine.Coefficients, machine.Constant)
        : throw machine.Place.Fault($"{machine.Coefficients.Length} coefficients for {length} VectorFields");

    private static DecisionFunction Function(MachineElement machine, VectorDictionary dictionary, Dictionary<string, int> index)
    {
        if (machine.Vectors.Count != machine.Coefficients.Length) throw machine.Place.Fault($"{machine.Coefficients.Length} coefficients for {machine.Vectors.Count} support vectors");
        var vectors = ImmutableArray.CreateBuilder<int>(machine.Vectors.Count);
        foreach (var (place, id) in machine.Vectors)
        {
            if (!dictionary.Vectors.ContainsKey(id)) throw place.Fault($"there is no VectorInstance with the id '{id}'");
            if (!index.TryGetValue(id, out var at)) index[id] = at = index.Count;
            vectors.Add(at);
        }
        return new DecisionFunction(vectors.DrainToImmutable(), machine.Coefficients, machine.Constant);
    }

    /// <summary>A linear machine is one vector of weights; they are summed with compensation, so that they are as exact as the sum of kernel values.</summary>
    private static DecisionFunction Collapse(DecisionFunction function, ReadOnlySpan<double> vectors, int length)
    {
        var (weights, errors) = (new double[length], new double[length]);
        for (var i = 0; i < function.Vectors.Length; i++)
        {
            var vector = vectors.Slice(function.Vectors[i] * length, length);
            for (var j = 0; j < length; j++)
            {
                var term = function.Coefficients[i] * vector[j];
                var sum = weights[j] + term;
                errors[j] += Math.Abs(weights[j]) >= Math.Abs(term) ? weights[j] - sum + term : term - sum + weights[j];
                weights[j] = sum;
            }
        }
        for (var j = 0; j < length; j++) weights[j] += errors[j];
        return new DecisionFunction([], [.. weights], function.Constant);
    }
}
