using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Code over numbers of any type.</summary>
internal interface INumberFunction
{
    void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>;
}

/// <summary>Calls an <see cref="INumberFunction"/> with the type of the elements.</summary>
internal static class NumberTypes
{
    /// <exception cref="RecordException">Elements are no numbers that C# computes with (strings, booleans, bfloat16, complex numbers, types of 8 bits and fewer).</exception>
    public static void Run<TFunction>(DataType element, ref TFunction function) where TFunction : INumberFunction, allows ref struct
    {
        switch (element)
        {
            case DataType.Float32: function.Run<float>(); break;
            case DataType.Float64: function.Run<double>(); break;
            case DataType.Float16: function.Run<Half>(); break;
            case DataType.Int64: function.Run<long>(); break;
            case DataType.Int32: function.Run<int>(); break;
            case DataType.Int16: function.Run<short>(); break;
            case DataType.Int8: function.Run<sbyte>(); break;
            case DataType.UInt64: function.Run<ulong>(); break;
            case DataType.UInt32: function.Run<uint>(); break;
            case DataType.UInt16: function.Run<ushort>(); break;
            case DataType.UInt8: function.Run<byte>(); break;
            default: throw new RecordException($"{element.Text} elements are no numbers to compute with");
        }
    }
}
