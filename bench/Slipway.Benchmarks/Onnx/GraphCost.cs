using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;

namespace Slipway.Benchmarks.Onnx;

/// <summary>What a run of a graph takes at least: the multiplications and additions of its products, and the weights it reads.</summary>
/// <param name="Operations">A multiply-add is two; bodies of control flow are not looked into.</param>
/// <param name="WeightBytes">Of all constants in the file.</param>
internal readonly record struct GraphCost(double Operations, long WeightBytes)
{
    /// <summary>Counts in the graph as the file has it.</summary>
    public static GraphCost Of(string path, Batch inputs)
    {
        var definition = OnnxReader.Read(path);
        var model = GraphModel.Compile(definition, GraphOptions.Default with { Optimise = false });
        using var run = model.Run(Values(model, inputs));
        double operations = 0;
        foreach (var step in run.Plan.Steps) operations += OperationsOf(step.Node.Info.Definition.Operator, step.Context);
        return new GraphCost(operations, definition.Graph.Initializers.Sum(i => (long)i.Tensor.Count * i.Tensor.Element.Width));
    }

    /// <summary>The tensors of a batch as the graph takes them; nothing is copied.</summary>
    public static Value[] Values(GraphModel model, Batch inputs)
    {
        var values = new Value[model.Inputs.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var tensor = inputs[model.Inputs[i].Name];
            values[i] = TensorValue.Over(model.Inputs[i].Type!.AsTensor.Element, tensor.Buffer, tensor.Shape);
        }
        return values;
    }

    private static double OperationsOf(string operation, RunContext node)
    {
        switch (operation)
        {
            case "Conv":
                var filters = node.Input(1);
                return 2.0 * node.Output(0).Count * filters.Count / filters[0];
            case "MatMul" or "Gemm":
                return 2.0 * node.Output(0).Count * node.Input(0)[^1];
            case "LSTM":
                var x = node.Input(0);
                return 2.0 * x[0] * x[1] * (node.Input(1).Count + node.Input(2).Count);
            default:
                return 0;
        }
    }
}
