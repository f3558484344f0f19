using Slipway.Core;

namespace Slipway.Conformance.Models;

/// <summary>
/// What every runtime owes its callers (see <see cref="IRuntime"/> and <see cref="IModel"/>): one call checks all of it that fits the model.
/// </summary>
public static class ModelChecks
{
    private const int Callers = 8;
    private const int CallsPerCaller = 5;

    /// <param name="path">A model file the runtime opens.</param>
    /// <param name="sampleInputs">Makes a new batch of at least two rows that fits the model's signature; the same values each time.</param>
    /// <param name="batchTolerance">
    /// How far, relative to the larger, a float may differ between a row scored alone and in a batch: 0 for managed runtimes; native engines choose other
    /// kernels by size, which add in another order.
    /// </param>
    /// <exception cref="ConformanceException">The runtime or its model breaks the contract.</exception>
    public static void Run(IRuntime runtime, string path, Func<Batch> sampleInputs, double batchTolerance = 0)
    {
        CheckRecognition(runtime, path);
        var model = runtime.Open(path, RuntimeOptions.Default);
        try
        {
            var signature = model.Signature;
            CheckSignature(signature);
            CheckDescription(runtime, path, signature);
            CheckOutputs(model, sampleInputs);
            CheckInputsAreLeftAlone(model, sampleInputs);
            CheckDeterminism(model, sampleInputs);
            CheckConcurrency(model, sampleInputs);
            if (HasRows(signature))
            {
                CheckRowByRow(model, sampleInputs, batchTolerance);
                CheckEmptyBatch(model, sampleInputs);
            }
            CheckRefusals(model, sampleInputs);
        }
        finally
        {
            model.Dispose();
        }
        CheckUseAfterDispose(model, sampleInputs);
        DamagedFiles.Check(runtime, path);
    }

    private static void CheckRecognition(IRuntime runtime, string path)
    {
        using var file = File.OpenRead(path);
        var head = new byte[Math.Min(4096, file.Length)];
        file.ReadExactly(head);
        Demand(runtime.CanOpen(Path.GetFileName(path), head), $"{runtime.Name}: CanOpen is false for {path}, which it opens");
        Demand(!runtime.CanOpen("nothing.bin", []), $"{runtime.Name}: CanOpen is true for an empty file");
    }

    private static void CheckSignature(Signature signature)
    {
        Demand(signature.Inputs.Length > 0 && signature.Outputs.Length > 0, "the signature has no inputs or no outputs");
        foreach (var side in new[] { signature.Inputs, signature.Outputs })
        {
            Demand(side.Select(t => t.Name).Distinct(StringComparer.Ordinal).Count() == side.Length, $"the signature repeats a name: {string.Join(", ", side)}");
            foreach (var spec in side)
            {
                Demand(spec.Name.Length > 0, "the signature has a tensor without a name");
                Demand(spec.Shape.All(d => d >= -1), $"{spec}: a dimension below -1");
                Demand(spec.Columns.IsEmpty || (spec.Shape.Length == 2 && spec.Shape[1] == spec.Columns.Length), $"{spec}: {spec.Columns.Length} columns do not fit the shape");
                Demand(spec.AllowedValues.IsEmpty || spec.Type == ElementType.Bytes, $"{spec}: allowed values for what is not text");
            }
        }
    }

    private static void CheckDescription(IRuntime runtime, string path, Signature signature)
    {
        var description = runtime.Describe(path);
        Demand(description.Runtime == runtime.Name, $"Describe says runtime '{description.Runtime}', it is '{runtime.Name}'");
        Demand(description.Unsupported.IsEmpty, $"Describe lists unsupported parts of a model that opens: {string.Join("; ", description.Unsupported)}");
        Demand(description.Signature == signature, "Describe and Open give different signatures");
    }

    private static void CheckOutputs(IModel model, Func<Batch> sampleInputs)
    {
        using var inputs = sampleInputs();
        using var outputs = model.Run(inputs);
        DemandOutputsMatch(model.Signature, outputs);
    }

    private static void CheckInputsAreLeftAlone(IModel model, Func<Batch> sampleInputs)
    {
        using var inputs = sampleInputs();
        using var untouched = sampleInputs();
        using (model.Run(inputs))
        {
        }
        Demand(TensorComparison.Difference(untouched, inputs) is null, "Run changed its inputs");
    }

    private static void CheckDeterminism(IModel model, Func<Batch> sampleInputs)
    {
        using var inputs = sampleInputs();
        using var first = model.Run(inputs);
        for (var i = 0; i < CallsPerCaller; i++)
        {
            using var again = model.Run(inputs);
            DemandSame(first, again, "a repeated call");
        }
    }

    private static void CheckConcurrency(IModel model, Func<Batch> sampleInputs)
    {
        using var inputs = sampleInputs();
        using var expected = model.Run(inputs);
        var callers = new Task[Callers];
        for (var i = 0; i < Callers; i++)
        {
            callers[i] = Task.Factory.StartNew(
                () =>
                {
                    using var own = sampleInputs();
                    for (var call = 0; call < CallsPerCaller; call++)
                    {
                        using var outputs = model.Run(call % 2 == 0 ? own : inputs);
                        DemandSame(expected, outputs, $"one of {Callers} concurrent callers");
                    }
                },
                TaskCreationOptions.LongRunning);
        }
        Task.WaitAll(callers);
    }

    private static void CheckRowByRow(IModel model, Func<Batch> sampleInputs, double tolerance)
    {
        using var inputs = sampleInputs();
        using var together = model.Run(inputs);
        for (var row = 0; row < inputs.Rows; row++)
        {
            using var one = inputs.Take([row]);
            using var alone = model.Run(one);
            using var expected = together.Take([row]);
            DemandSame(expected, alone, $"row {row} scored alone", tolerance);
        }
    }

    private static void CheckEmptyBatch(IModel model, Func<Batch> sampleInputs)
    {
        using var inputs = sampleInputs();
        using var none = inputs.Take([]);
        using var outputs = model.Run(none);
        DemandOutputsMatch(model.Signature, outputs);
        foreach (var output in outputs) Demand(output.Rows == 0, $"an empty batch gave {output}");
    }

    private static void CheckRefusals(IModel model, Func<Batch> sampleInputs)
    {
        foreach (var input in model.Signature.Inputs)
        {
            if (!input.Optional || !input.Columns.IsEmpty)
            {
                Refuses($"input '{input.Name}' absent", batch => batch.Remove(input.Name).Dispose());
                Refuses($"input '{input.Name}' under another name", batch => batch.Rename(input.Name, input.Name + "_"));
            }
            if (!input.AnyType) Refuses($"input '{input.Name}' of another type", batch => batch.Set(OtherType(batch[input.Name])));
            Refuses($"input '{input.Name}' of another rank", batch => batch.Set(OtherRank(batch[input.Name])));
            if (input.Shape.IndexOf(input.Shape.LastOrDefault(d => d > 0)) is >= 0 and var fixedDimension)
            {
                Refuses($"input '{input.Name}' of another size", batch => batch.Set(OtherSize(batch[input.Name], fixedDimension)));
            }

            void Refuses(string what, Action<Batch> spoil)
            {
                using var inputs = sampleInputs();
                spoil(inputs);
                var error = Catch(() => model.Run(inputs).Dispose());
                Demand(error is RecordException, $"{what}: RecordException expected, found {Found(error)}");
                Demand(error!.Message.Contains(input.Name, StringComparison.Ordinal), $"{what}: the message does not name the input: {error.Message}");
            }
        }
    }

    private static void CheckUseAfterDispose(IModel model, Func<Batch> sampleInputs)
    {
        model.Dispose();
        using var inputs = sampleInputs();
        var error = Catch(() => model.Run(inputs).Dispose());
        Demand(error is ObjectDisposedException, $"Run after Dispose: ObjectDisposedException expected, found {Found(error)}");
    }

    private static bool HasRows(Signature signature) =>
        signature.Inputs.All(i => i.Shape.Length > 0 && i.Shape[0] == -1) && signature.Outputs.All(o => o.Shape.Length > 0 && o.Shape[0] == -1);

    private static Tensor OtherType(Tensor tensor)
    {
        var other = tensor.Type == ElementType.Int16 ? ElementType.UInt8 : ElementType.Int16;
        return new Tensor(tensor.Name, other, tensor.Shape);
    }

    private static Tensor OtherRank(Tensor tensor) => Zeros(tensor, [.. tensor.Shape, 1]);

    private static Tensor OtherSize(Tensor tensor, int dimension)
    {
        var shape = tensor.Shape.ToArray();
        shape[dimension]++;
        return Zeros(tensor, shape);
    }

    private static Tensor Zeros(Tensor like, long[] shape)
    {
        var zeros = new Tensor(like.Name, like.Type, shape);
        if (like.Type != ElementType.Bytes) return zeros;
        for (var i = 0; i < zeros.Count; i++) zeros.Append(ReadOnlySpan<byte>.Empty);
        return zeros;
    }

    private static void DemandOutputsMatch(Signature signature, Batch outputs)
    {
        Demand(outputs.Count == signature.Outputs.Length, $"{outputs.Count} outputs, the signature has {signature.Outputs.Length}");
        for (var i = 0; i < outputs.Count; i++)
        {
            var (spec, output) = (signature.Outputs[i], outputs[i]);
            Demand(output.Name == spec.Name, $"output {i} is called '{output.Name}', '{spec.Name}' in the signature");
            Demand(output.Type == spec.Type, $"{output}: {spec.Type.ProtocolName} in the signature");
            var fits = output.Shape.Length == spec.Shape.Length;
            for (var d = 0; fits && d < output.Shape.Length; d++) fits = spec.Shape[d] == -1 || spec.Shape[d] == output.Shape[d];
            Demand(fits, $"{output} does not fit the signature's {spec}");
        }
    }

    private static void DemandSame(Batch expected, Batch actual, string where, double tolerance = 0)
    {
        if (TensorComparison.Difference(expected, actual, tolerance) is { } difference) throw new ConformanceException($"{where} gave another result: {difference}");
    }

    private static Exception? Catch(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private static string Found(Exception? error) => error is null ? "no error" : $"{error.GetType().Name}: {error.Message}";

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds) throw new ConformanceException(otherwise);
    }
}
