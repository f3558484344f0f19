using Slipway.Core;

namespace Slipway.Models;

/// <summary>Scoring rows in process.</summary>
public static class ModelScoring
{
    extension(IModel model)
    {
        /// <summary>
        /// Scores rows given as the model's inputs or as the columns of a table, which are gathered and converted as the signature asks; other columns are ignored.
        /// The caller keeps <paramref name="rows"/> and owns the result: one tensor per output, in signature order.
        /// </summary>
        /// <exception cref="RecordException">The rows do not fit the signature.</exception>
        public Batch Score(Batch rows)
        {
            var inputs = InputBinding.Bind(model.Signature, rows, allowExtra: true);
            try
            {
                return model.Run(inputs);
            }
            finally
            {
                if (!ReferenceEquals(inputs, rows)) inputs.Dispose();
            }
        }
    }
}
