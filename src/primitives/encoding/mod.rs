pub(crate) use crate::codec::encode_base64url;
