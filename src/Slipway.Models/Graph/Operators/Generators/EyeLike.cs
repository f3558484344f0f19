using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>EyeLike: ones on the k-th diagonal of a matrix of the input's shape (ai.onnx 9; 22: bfloat16).</summary>
internal sealed class EyeLike(NodeInfo node) : Operator
{
    private readonly DataType _element = node.DataType("dtype", DataType.Undefined);
    private readonly long _diagonal = node.Int("k", 0);

    public override void Infer(InferenceContext context) =>
        context.SetOutput(0, _element == DataType.Undefined ? context.Element(0) : _element, context.ShapeOfRank(0, 2) ?? context.UnknownShape(2));

    public override void Run(RunContext context)
    {
        var target = context.Output(0);
        if (target.Element is DataType.String) throw new RecordException("a matrix of strings has no ones");
        target.Bytes.Clear();
        if (target.Element == DataType.Bool) WriteOnes<byte>(target, 1);
        else if (target.Element == DataType.BFloat16) WriteOnes<ushort>(target, 0x3F80);
        else
        {
            var eye = new Eye(this, target);
            NumberTypes.Run(target.Element, ref eye);
        }
    }

    private void WriteOnes<T>(TensorValue target, T one) where T : unmanaged
    {
        var values = target.Values<T>();
        var (rows, columns) = (target[0], target[1]);
        if (_diagonal <= -rows || _diagonal >= columns) return;
        for (var row = Math.Max(0, -_diagonal); row < rows && row + _diagonal < columns; row++) values[(int)(row * columns + row + _diagonal)] = one;
    }

    private readonly struct Eye(EyeLike owner, TensorValue target) : INumberFunction
    {
        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => owner.WriteOnes(target, T.One);
    }
}
