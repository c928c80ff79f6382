//! Which instructions the processor has, and how loops get compiled for them.

use crate::device::Precision;

/// Instruction sets that loops are compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Isa {
    /// What every processor of the target has.
    Portable,
    /// AVX2 and FMA: vectors of 8.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512 F, BW, DQ and VL: vectors of 16.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

/// How the numbers of a product are rounded before they are multiplied. Sums are f32 either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Products {
    /// Not at all.
    Exact,
    /// To bf16, two products an instruction.
    #[cfg(target_arch = "x86_64")]
    Bf16,
}

/// The processor at hand. A value of this type is the proof that it has the instructions it names: the fields
/// are private, and only what was detected gets into them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cpu {
    isa: Isa,
    products: Products,
}

/// A loop over plain numbers that the compiler is to vectorise once per instruction set.
pub(crate) trait Loop {
    /// What the loop answers.
    type Output;

    /// The loop. Implementations are `#[inline(always)]`, so that they are compiled inside [`Cpu::run`] with its
    /// instructions. `FMA` says whether a fused multiply-add is one instruction; see [`fma`].
    fn run<const FMA: bool>(self) -> Self::Output;
}

/// `a · b + c`, rounded once where that is one instruction and twice where it would be a call.
#[inline(always)]
pub(crate) fn fma<const FMA: bool>(a: f32, b: f32, c: f32) -> f32 {
    if FMA { a.mul_add(b, c) } else { a * b + c }
}

impl Cpu {
    /// The best this processor can do at `precision`. Where products of bf16 are missing or no faster than those of
    /// f32, which are more exact, they are of f32.
    pub(crate) fn detect(precision: Precision) -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            let avx512 = is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl");
            if avx512 {
                let bf16 = precision == Precision::Bf16 && has_bf16() && is_amd();
                let products = if bf16 { Products::Bf16 } else { Products::Exact };
                return Self { isa: Isa::Avx512, products };
            }
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                return Self { isa: Isa::Avx2, products: Products::Exact };
            }
        }
        let _ = precision;
        Self::portable()
    }

    /// Only what every processor of the target has.
    pub(crate) fn portable() -> Self {
        Self { isa: Isa::Portable, products: Products::Exact }
    }

    /// Its instruction set.
    pub(super) fn isa(self) -> Isa {
        self.isa
    }

    /// How products are rounded.
    pub(crate) fn products(self) -> Products {
        self.products
    }

    /// The same processor without rounding.
    pub(super) fn exact(self) -> Self {
        Self { products: Products::Exact, ..self }
    }

    /// Runs `work`, compiled for this processor.
    pub(crate) fn run<L: Loop>(self, work: L) -> L::Output {
        match self.isa {
            Isa::Portable => work.run::<{ cfg!(target_arch = "aarch64") }>(),
            // SAFETY: These variants are only made after the processor said that it has these instructions.
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => unsafe { run_avx2(work) },
            // SAFETY: As above.
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => unsafe { run_avx512(work) },
        }
    }
}

#[cfg(target_arch = "x86_64")]
fn has_bf16() -> bool {
    is_x86_feature_detected!("avx512bf16")
}

/// Whether AMD made it. Its processors take two products of bf16 in the time of one of f32; Intel's take one, and
/// with the rounding a convolution then needs 1.5 times as long as in f32 (measured on Sapphire Rapids).
#[cfg(target_arch = "x86_64")]
fn is_amd() -> bool {
    let leaf = std::arch::x86_64::__cpuid(0);
    [leaf.ebx, leaf.edx, leaf.ecx].map(u32::to_le_bytes).as_flattened() == b"AuthenticAMD"
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,bmi2")]
fn run_avx2<L: Loop>(work: L) -> L::Output {
    work.run::<true>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi2")]
fn run_avx512<L: Loop>(work: L) -> L::Output {
    work.run::<true>()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Products of bf16, if there are any, whether they pay or not.
    pub(crate) fn rounding() -> Option<Cpu> {
        #[cfg(target_arch = "x86_64")]
        {
            let best = Cpu::detect(Precision::F32);
            let there = best.isa == Isa::Avx512 && has_bf16();
            there.then_some(Cpu { products: Products::Bf16, ..best })
        }
        #[cfg(not(target_arch = "x86_64"))]
        None
    }

    /// Every way that this machine can count in f32.
    pub(crate) fn all() -> Vec<Cpu> {
        let best = Cpu::detect(Precision::F32);
        let mut all = vec![Cpu::portable(), best];
        #[cfg(target_arch = "x86_64")]
        if best.isa == Isa::Avx512 {
            // Every processor with AVX-512 has AVX2 and FMA.
            all.push(Cpu { isa: Isa::Avx2, products: Products::Exact });
        }
        all.dedup();
        all
    }
}
