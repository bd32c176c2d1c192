const mobile = /^1\d{10}$/;
const landline = /^0\d{9,11}$/;

const digitsOf = (address: string): string => address.replaceAll(/[\s-]/g, '').replace(/^\+86/, '');

/** A mobile number of the mainland as the provider takes it, from any usual way to write it. */
export const mobileNumber = (address: string | undefined): string | undefined => {
  const digits = digitsOf(address ?? '');
  return mobile.test(digits) ? digits : undefined;
};

/** A number that can be called: a mobile one, or a landline with its area code. */
export const callableNumber = (address: string | undefined): string | undefined => {
  const digits = digitsOf(address ?? '');
  return mobile.test(digits) || landline.test(digits) ? digits : undefined;
};
