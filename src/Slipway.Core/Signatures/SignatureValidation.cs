using System.Collections.Immutable;

namespace Slipway.Core;

/// <summary>What every signature must satisfy, wherever it was written.</summary>
public static class SignatureValidation
{
    /// <summary>Dimensions a tensor may have: that of NumPy and of every format read here.</summary>
    public const int MaxRank = 32;

    extension(Signature signature)
    {
        /// <exception cref="ModelException">A name is empty or given twice, a shape is not one, or columns do not fit their matrix.</exception>
        public void Validate()
        {
            Validate("input", signature.Inputs);
            Validate("output", signature.Outputs);
            var columns = new HashSet<string>(StringComparer.Ordinal);
            foreach (var input in signature.Inputs)
            {
                foreach (var column in input.Columns)
                {
                    if (!columns.Add(column)) throw new ModelException($"column '{column}' is given twice among the inputs");
                }
            }
        }
    }

    private static void Validate(string kind, ImmutableArray<TensorSpec> specs)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var spec in specs)
        {
            if (string.IsNullOrEmpty(spec.Name)) throw new ModelException($"an {kind} has an empty name");
            if (!names.Add(spec.Name)) throw new ModelException($"{kind} '{spec.Name}' is given twice");
            if (spec.Shape.IsDefault || spec.Shape.Length > MaxRank) throw new ModelException($"{kind} '{spec.Name}' has no shape of at most {MaxRank} dimensions");
            foreach (var dimension in spec.Shape)
            {
                if (dimension < -1) throw new ModelException($"{kind} '{spec.Name}' has dimension {dimension} in its shape; a dimension is a size, or -1 for any");
            }
            ValidateColumns(kind, spec);
            foreach (var allowed in spec.AllowedValues)
            {
                if (allowed is null) throw new ModelException($"{kind} '{spec.Name}' allows a null value; allowed values are texts");
            }
        }
    }

    private static void ValidateColumns(string kind, TensorSpec spec)
    {
        if (spec.Columns.IsEmpty) return;
        if (spec.Shape.Length != 2 || (spec.Shape[1] >= 0 && spec.Shape[1] != spec.Columns.Length))
        {
            throw new ModelException($"{kind} '{spec.Name}' names {spec.Columns.Length} columns, which need the shape [-1,{spec.Columns.Length}]; it has [{string.Join(',', spec.Shape)}]");
        }
        foreach (var column in spec.Columns)
        {
            if (string.IsNullOrEmpty(column)) throw new ModelException($"{kind} '{spec.Name}' has a column with an empty name");
        }
    }
}
