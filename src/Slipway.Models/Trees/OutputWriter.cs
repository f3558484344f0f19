using Slipway.Core;

namespace Slipway.Models.Trees;

/// <summary>Makes all outputs of a model of its predictions, where a model has more than those and a label. Stateless.</summary>
/// <param name="predictions">What the writer takes; the names and shapes of outputs are those of the model's signature.</param>
internal abstract class OutputWriter(TensorSpec predictions)
{
    public TensorSpec Predictions { get; } = predictions;

    /// <param name="predictions">Of all rows.</param>
    /// <param name="batch">Takes the outputs, in the signature's order.</param>
    public abstract void Write(Tensor predictions, Batch batch);
}
